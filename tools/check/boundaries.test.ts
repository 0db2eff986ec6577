// Each boundary is proven by a planted import: a rule that finds nothing may just be switched off.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { ESLint } from 'eslint';

const root = join(import.meta.dirname, '../..');
let eslint: ESLint;

before(() => {
  // Without a cached project graph the boundary rule skips silently.
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/nx/dist/bin/nx.js'), 'graph', '--file=.nx/graph.json'],
    {
      cwd: root,
      stdio: 'ignore',
      env: { ...process.env, NX_DAEMON: 'false' },
    },
  );
  eslint = new ESLint({ cwd: root });
});

async function rulesBroken(filePath: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, filePath) });
  return result?.messages.map((message) => message.ruleId) ?? [];
}

const NX = '@nx/enforce-module-boundaries';
const IMPORTS = 'no-restricted-imports';

const planted: [string, string, string, string][] = [
  [
    'contracts depends on nothing of ours',
    'libs/contracts/src/ids.ts',
    "import { ConfigError } from '@watertight/service'; export const x = ConfigError;",
    NX,
  ],
  [
    'service does not know Kafka',
    'libs/service/src/errors.ts',
    "import { BatchStrategy } from '@watertight/kafka'; export const x = BatchStrategy;",
    NX,
  ],
  [
    'kafka does not know postgres',
    'libs/kafka/src/index.ts',
    "import { bulkUpsert } from '@watertight/postgres'; export const x = bulkUpsert;",
    NX,
  ],
  [
    'postgres does not know Kafka',
    'libs/postgres/src/index.ts',
    "import { BatchStrategy } from '@watertight/kafka'; export const x = BatchStrategy;",
    NX,
  ],
  [
    'testing does not know the services',
    'libs/testing/src/stack.ts',
    "import { ConfigError } from '@watertight/service'; export const x = ConfigError;",
    NX,
  ],
  [
    'the console runs in a browser: contracts only',
    'apps/console/src/main.tsx',
    "import { ConfigError } from '@watertight/service'; export const x = ConfigError;",
    NX,
  ],
  [
    'tests of the whole system go by processes and topics',
    'apps/e2e/src/sandbox.fixture.ts',
    "import { BatchStrategy } from '@watertight/kafka'; export const x = BatchStrategy;",
    NX,
  ],
  [
    'marketplaces does not know Kafka',
    'libs/marketplaces/src/policy.ts',
    "import { BatchStrategy } from '@watertight/kafka'; export const x = BatchStrategy;",
    NX,
  ],
  ...[
    ['mirakl-ingest', 'profile-mapper'],
    ['profile-mapper', 'klaviyo-writer'],
    ['klaviyo-writer', 'leakage-monitor'],
    ['leakage-monitor', 'mirakl-ingest'],
  ].map(([app, other]): [string, string, string, string] => [
    `${app} imports no other app`,
    `apps/${app}/src/main.ts`,
    `import { x } from '../../${other}/src/main.ts'; export const y = x;`,
    NX,
  ]),
  [
    'the sandbox shares no code with what it judges',
    'apps/sandbox/src/main.ts',
    "import { orderKeyOf } from '@watertight/contracts'; export const x = orderKeyOf;",
    NX,
  ],
  [
    'only libs/kafka imports kafkajs',
    'apps/profile-mapper/src/main.ts',
    "import { Kafka } from 'kafkajs'; export const x = Kafka;",
    IMPORTS,
  ],
  [
    'only the klaviyo folder imports the SDK',
    'apps/klaviyo-writer/src/main.ts',
    "import { EventsApi } from 'klaviyo-api'; export const x = EventsApi;",
    IMPORTS,
  ],
  [
    'only the klaviyo folder imports axios',
    'apps/klaviyo-writer/src/main.ts',
    "import axios from 'axios'; export const x = axios;",
    IMPORTS,
  ],
  [
    'only persistence imports typeorm',
    'apps/profile-mapper/src/main.ts',
    "import { DataSource } from 'typeorm'; export const x = DataSource;",
    IMPORTS,
  ],
  [
    'only specs use libs/testing',
    'apps/profile-mapper/src/main.ts',
    "import { waitUntil } from '@watertight/testing'; export const x = waitUntil;",
    IMPORTS,
  ],
  [
    'only load-config reads the environment',
    'apps/profile-mapper/src/main.ts',
    "export const x = process.env['HOME'];",
    'no-restricted-syntax',
  ],
  [
    'a cycle of imports is refused',
    'libs/contracts/src/orders.v1.ts',
    "import { Topics } from './topics.ts'; export const OrderFactSchema = Topics; export type OrderFact = object; export type OrderLineFact = object;",
    'import-x/no-cycle',
  ],
  ['no export *', 'libs/contracts/src/ids.ts', "export * from './money.ts';", 'no-restricted-syntax'],
];

for (const [claim, filePath, code, rule] of planted) {
  test(claim, async () => {
    const broken = await rulesBroken(filePath, code);
    assert.ok(
      broken.includes(rule),
      `${rule} did not fire in ${filePath}; fired: ${broken.join(', ') || 'nothing'}`,
    );
  });
}

test('an allowed import passes', async () => {
  const code = "import { orderKeyOf } from '@watertight/contracts';\nexport const x = orderKeyOf;\n";
  assert.deepEqual(await rulesBroken('libs/service/src/errors.ts', code), []);
});
