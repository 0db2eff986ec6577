import { loadMarketplaces, type MarketplacePolicy } from '@watertight/marketplaces';
import { ConfigError, exitCodes, loadConfig, processEnvironment, systemClock } from '@watertight/service';
import { ingestVariables } from './ingest.config.ts';
import { MiraklError } from './mirakl/mirakl-errors.ts';
import { sourceOf } from './mirakl/source-of.ts';
import { checkMarketplace } from './settings/check-marketplace.ts';
import type { Check } from './settings/source-settings.ts';

const variables = { MARKETPLACES_FILE: ingestVariables.MARKETPLACES_FILE };

/** For all calls to one marketplace together. */
const DEADLINE_MS = 60_000;

type Finding = Check & { readonly marketplaceId: string | null };

/**
 * Checks every marketplace of the policy file with harmless reads: one line of JSON per finding on standard output. Ends with 1 when one is a problem, with 78 when the configuration is wrong.
 */
async function examine(): Promise<number> {
  const { MARKETPLACES_FILE } = loadConfig(variables);
  const policy = loadMarketplaces(MARKETPLACES_FILE, { env: processEnvironment(), credentials: 'required' });
  for (const warning of policy.warnings)
    say({ check: 'policy', marketplaceId: null, result: 'warning', detail: warning });
  const findings = (await Promise.all(policy.marketplaces.map(checkOne))).flat();
  findings.forEach(say);
  return findings.some(({ result }) => result === 'problem') ? 1 : exitCodes.stopped;
}

async function checkOne(marketplace: MarketplacePolicy): Promise<readonly Finding[]> {
  const { id: marketplaceId } = marketplace;
  const source = sourceOf(marketplace, systemClock);
  try {
    const parts = { source, clock: systemClock };
    const { checks } = await checkMarketplace(marketplace, parts, null, AbortSignal.timeout(DEADLINE_MS));
    return checks.map((check) => ({ ...check, marketplaceId }));
  } catch (error) {
    const isSlow = error instanceof DOMException && error.name === 'TimeoutError';
    if (!isSlow && !(error instanceof MiraklError)) throw error;
    const detail = isSlow ? `the marketplace did not answer within ${DEADLINE_MS / 1_000} s` : error.message;
    return [{ check: 'orders', marketplaceId, result: 'problem', detail }];
  } finally {
    await source.close();
  }
}

function say({ check, marketplaceId, result, detail }: Finding): void {
  process.stdout.write(`${JSON.stringify({ check, marketplaceId, result, detail })}\n`);
}

try {
  process.exitCode = await examine();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.problems.join('\n')}\n`);
  process.exitCode = exitCodes.configuration;
}
