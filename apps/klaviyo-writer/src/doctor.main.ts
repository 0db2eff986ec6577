import { loadMarketplaces } from '@watertight/marketplaces';
import { ConfigError, exitCodes, loadConfig, processEnvironment } from '@watertight/service';
import { checkAccount } from './account/check-account.ts';
import { KlaviyoClient } from './klaviyo/klaviyo-client.ts';
import { writerVariables } from './writer.config.ts';

const { MARKETPLACES_FILE, KLAVIYO_API_KEY, KLAVIYO_PRIVACY_API_KEY, KLAVIYO_BASE_URL, KLAVIYO_TIMEOUT } =
  writerVariables;
const variables = {
  MARKETPLACES_FILE,
  KLAVIYO_API_KEY,
  KLAVIYO_PRIVACY_API_KEY,
  KLAVIYO_BASE_URL,
  KLAVIYO_TIMEOUT,
};

/**
 * Checks the Klaviyo account with harmless reads: one line of JSON per finding on standard output. Ends with 1 when one
 * is a problem, with 78 when the configuration is wrong.
 */
async function examine(): Promise<number> {
  const config = loadConfig(variables);
  const policy = loadMarketplaces(config.MARKETPLACES_FILE, {
    env: processEnvironment(),
    credentials: 'not needed',
  });
  const client = new KlaviyoClient({
    apiKey: config.KLAVIYO_API_KEY,
    baseUrl: config.KLAVIYO_BASE_URL,
    timeoutMs: config.KLAVIYO_TIMEOUT,
  });
  try {
    const findings = await checkAccount({
      client,
      metrics: policy.klaviyo.metrics,
      reportingCurrency: policy.reportingCurrency,
      hasPrivacyKey: config.KLAVIYO_PRIVACY_API_KEY !== undefined,
      now: new Date(),
    });
    for (const { check, result, detail } of findings)
      process.stdout.write(`${JSON.stringify({ check, marketplaceId: null, result, detail })}\n`);
    return findings.some(({ result }) => result === 'problem') ? 1 : exitCodes.stopped;
  } finally {
    client.close();
  }
}

try {
  process.exitCode = await examine();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.problems.join('\n')}\n`);
  process.exitCode = exitCodes.configuration;
}
