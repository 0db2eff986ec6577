import { ConfigError, type ServiceContext } from '@watertight/service';
import type { AccountCalls } from './klaviyo/account-calls.ts';
import { describeFailure, KlaviyoCallError } from './klaviyo/klaviyo-errors.ts';

/**
 * Tries the key with a harmless read before anything is taken from Kafka. Throws ConfigError when Klaviyo does not
 * know the key; whatever else is wrong may pass, so it is only said.
 */
export async function checkKlaviyo(
  calls: Pick<AccountCalls, 'listMetrics'>,
  { logger }: Pick<ServiceContext, 'logger'>,
): Promise<void> {
  try {
    await calls.listMetrics();
  } catch (error) {
    if (!(error instanceof KlaviyoCallError)) throw error;
    const { failure } = error;
    // 403 may also be a firewall's; an unknown key is the deployer's to mend.
    if (failure.kind === 'misconfigured' && failure.status !== 403)
      throw new ConfigError([describeFailure(failure)]);
    logger.warn({ event: 'klaviyo_check', failure: failure.kind }, describeFailure(failure));
  }
}
