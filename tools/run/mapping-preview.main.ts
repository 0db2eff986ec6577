// `npm run mapping:preview`: what a change of the attribute mapping would do to the last orders of a running system.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OrderFactSchema, Topics } from '@watertight/contracts';
import { connectKafka, readNewest } from '@watertight/kafka';
import { loadMarketplaces, type MarketplacesPolicy, parseMarketplaces } from '@watertight/marketplaces';
import { ConfigError, createLogger } from '@watertight/service';
import { Compile } from 'typebox/compile';
import { Failure } from '../stack/failure.ts';
import { localDir } from '../stack/paths.ts';
import { configurationErrorCode } from '../stack/supervisor.ts';
import { runCommand } from './command.ts';
import { parseFlags, usageErrorCode } from './flags.ts';
import { newestOrders, previewOf, previewText } from './mapping-preview-text.ts';

const usage = `usage: npm run mapping:preview -- --marketplaces FILE [--before FILE] [--marketplace ID] [--orders N] [--data DIR]

  --marketplaces FILE   the policy file with the mapping to try
  --before FILE         the policy to compare with (default: FILE as it was committed last)
  --marketplace ID      orders of this marketplace only
  --orders N            how many of the last orders (default: 50)
  --data DIR            the running \`npm run up\` whose orders to read (default: .local/up); KAFKA_BROKERS wins

It reads mirakl.orders.v1 and changes nothing. What it prints holds the values of the mapped fields.`;

/** Enough of each partition to find the last orders of one marketplace among many. */
const READ_PER_PARTITION = 2_000;
const options = { env: process.env, credentials: 'not needed' } as const;

function fromUser(path: string): string {
  const where =
    process.env['npm_lifecycle_event'] === 'mapping:preview' ? process.env['INIT_CWD'] : undefined;
  return resolve(where ?? process.cwd(), path);
}

function brokersOf(dataDir: string): string[] {
  const given = process.env['KAFKA_BROKERS'] ?? '';
  if (given !== '') return given.split(',');
  const file = join(dataDir, 'kafka/ports.json');
  const ports: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  const port = typeof ports === 'object' && ports !== null ? Reflect.get(ports, 'broker') : undefined;
  if (typeof port !== 'number') {
    throw new Failure(
      `No system was started in ${dataDir}. Start it with \`npm run up\`, name its --data, or set KAFKA_BROKERS.`,
      configurationErrorCode,
    );
  }
  return [`127.0.0.1:${port}`];
}

/** The file as it was committed last; undefined when it is not in git. */
function committed(file: string): MarketplacesPolicy | undefined {
  let text: string;
  try {
    text = execFileSync('git', ['show', `HEAD:./${file.slice(dirname(file).length + 1)}`], {
      cwd: dirname(file),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
  return parseMarketplaces(text, `${file} as committed`, options);
}

function readPolicies(file: string, beforeFile: string | undefined) {
  try {
    const after = loadMarketplaces(file, options);
    return {
      after,
      before: beforeFile === undefined ? committed(file) : loadMarketplaces(beforeFile, options),
    };
  } catch (error) {
    if (error instanceof ConfigError) throw new Failure(error.problems.join('\n'), configurationErrorCode);
    throw error;
  }
}

await runCommand(async () => {
  const flags = parseFlags(
    {
      marketplaces: { type: 'string' },
      before: { type: 'string' },
      marketplace: { type: 'string' },
      orders: { type: 'string', default: '50' },
      data: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
    usage,
  );
  if (flags.help) throw new Failure(usage, 0);
  if (flags.marketplaces === undefined)
    throw new Failure(`--marketplaces is missing.\n\n${usage}`, usageErrorCode);
  const limit = Number(flags.orders);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) {
    throw new Failure(`--orders must be a number from 1 to 1000.\n\n${usage}`, usageErrorCode);
  }
  const file = fromUser(flags.marketplaces);
  const { before, after } = readPolicies(
    file,
    flags.before === undefined ? undefined : fromUser(flags.before),
  );
  if (before === undefined)
    process.stderr.write(`${file} is not in git yet: compared with no mapping at all\n`);
  const connection = connectKafka({
    brokers: brokersOf(flags.data === undefined ? join(localDir, 'up') : fromUser(flags.data)),
    clientId: 'mapping-preview',
    logger: createLogger('mapping-preview', 'silent'),
  });
  const messages = await readNewest(connection, Topics.orders, READ_PER_PARTITION);
  const isOrder = Compile(OrderFactSchema);
  const facts = messages.flatMap(({ value }) => (isOrder.Check(value) ? [value] : []));
  const orders = newestOrders(facts, { marketplaceId: flags.marketplace, limit });
  if (orders.length === 0) throw new Failure('There is no order on mirakl.orders.v1 to show yet.');
  process.stdout.write(`${previewText(previewOf(orders, before, after))}\n`);
  return 0;
});
