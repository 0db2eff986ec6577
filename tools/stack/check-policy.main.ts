// Checks a policy file as the services do, in an instant and with every key that it names: `check-policy.main.ts FILE`.
// Exits with 78 and every problem, each with its line, when it cannot be used.
import { loadMarketplaces } from '@watertight/marketplaces';
import { ConfigError, exitCodes } from '@watertight/service';

try {
  loadMarketplaces(process.argv[2] ?? '', { env: process.env, credentials: 'required', alerts: 'required' });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  const lines = error.problems.map((problem) => `  - ${problem}\n`);
  process.stderr.write(`The policy file cannot be used:\n${lines.join('')}`);
  process.exitCode = exitCodes.configuration;
}
