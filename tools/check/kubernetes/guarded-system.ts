import { connectKafka, type KafkaConnection } from '@watertight/kafka';
import { createLogger } from '@watertight/service';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Acl, principals } from '../../generate/kubernetes/kafka-users.ts';
import { demoKeys, demoPolicy } from '../../run/demo-policy.ts';
import { appNames } from '../../stack/apps.ts';
import { freePort } from '../../stack/free-port.ts';
import { startBroker } from '../../stack/kafka.ts';
import { localDir } from '../../stack/paths.ts';
import { startDatabase } from '../../stack/postgres.ts';
import type { ProcessKeeper } from '../../stack/process-keeper.ts';
import { builtPrograms, type Programs } from '../../stack/programs.ts';
import type { Stack, StackOptions } from '../../stack/stack.ts';
import { startSystem, type System } from '../../stack/system.ts';

const historyOrders = 60;
const historyDays = 60;
/** Of a broker that lives for one test on this machine. */
const password = 'of-no-use-elsewhere';

/** A whole system on a broker that lets each principal do what the manifests say, and nothing else. */
export interface GuardedSystem {
  readonly system: System;
  /** As someone who may do everything. */
  readonly asOwner: KafkaConnection;
  as(principal: string): KafkaConnection;
}

export async function startGuardedSystem(dataDir: string, keeper: ProcessKeeper): Promise<GuardedSystem> {
  const guarded = `127.0.0.1:${await freePort()}`;
  let owner = '';
  const system = await startSystem({
    dataDir,
    keeper,
    progress: () => undefined,
    signal: new AbortController().signal,
    startStack: async (options) => {
      const broker = await startBroker({
        ...options,
        dataDir: join(dataDir, 'kafka'),
        logFile: join(dataDir, 'logs/kafka.log'),
        cacheDir: localDir,
        onChange: () => undefined,
        more: { listener: `GUARDED://${guarded}`, settings: settings() },
      });
      owner = broker.kafkaBrokers;
      await grant(connection(owner));
      return { ...(await withDatabase(options, broker.stop)), kafkaBrokers: guarded };
    },
    programs: signedIn(dataDir, () => owner),
    sandbox: {
      env: {
        SANDBOX_HISTORY_ORDERS: String(historyOrders),
        SANDBOX_HISTORY_DAYS: String(historyDays),
        SANDBOX_LIVE_ORDERS_PER_MINUTE: '30',
      },
    },
    target: (sandboxUrl) => {
      if (sandboxUrl === undefined) throw new Error('there is no sandbox');
      const marketplacesFile = join(dataDir, 'marketplaces.yaml');
      writeFileSync(marketplacesFile, demoPolicy(sandboxUrl, historyDays, new Date()));
      const klaviyo = { KLAVIYO_API_KEY: 'pk_sandbox', KLAVIYO_BASE_URL: `${sandboxUrl}/klaviyo` };
      return { marketplacesFile, env: { ...demoKeys, ...klaviyo } };
    },
  });
  return { system, asOwner: connection(owner), as: (name) => connection(guarded, name) };
}

function settings(): readonly string[] {
  const names = [...principals().keys()];
  const users = names.map((name) => `user_${name}="${password}"`).join(' ');
  return [
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,GUARDED:SASL_PLAINTEXT',
    'inter.broker.listener.name=PLAINTEXT',
    'sasl.enabled.mechanisms=PLAIN',
    `listener.name.guarded.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required ${users};`,
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Who comes by the other listener, without signing in: this test.
    'super.users=User:ANONYMOUS',
  ];
}

async function withDatabase(options: StackOptions, stopBroker: () => Promise<void>): Promise<Stack> {
  const { dataDir } = options;
  const database = await startDatabase({
    ...options,
    dataDir: join(dataDir, 'postgres'),
    logFile: join(dataDir, 'logs/postgres.log'),
    onChange: () => undefined,
  });
  const stop = async (): Promise<void> => {
    await Promise.all([stopBroker(), database.stop()]);
  };
  return { kafkaBrokers: '', databaseUrl: database.databaseUrl, supervisors: [], stop };
}

/** The built programs, each under its own name at the broker; the topics are made by the owner. */
function signedIn(dataDir: string, owner: () => string): Programs {
  const folder = join(dataDir, 'programs');
  mkdirSync(folder, { recursive: true });
  return {
    build: builtPrograms.build,
    entry: (name) => {
      const isApp = appNames.some((app) => app === name);
      const env = isApp
        ? { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: name, KAFKA_SASL_PASSWORD: password }
        : { KAFKA_BROKERS: owner() };
      const program = pathToFileURL(builtPrograms.entry(name)).href;
      const file = join(folder, `${name}.mjs`);
      writeFileSync(
        file,
        `Object.assign(process.env, ${JSON.stringify(env)});\nawait import('${program}');\n`,
      );
      return file;
    },
  };
}

function connection(brokers: string, username?: string): KafkaConnection {
  return connectKafka({
    brokers: [brokers],
    clientId: username ?? 'owner',
    logger: createLogger('guarded-system', 'silent'),
    ...(username === undefined ? {} : { sasl: { mechanism: 'plain', username, password } }),
  });
}

/** The numbers of the Kafka protocol. */
const resourceTypes = { topic: 2, group: 3 } as const;
const patternTypes = { literal: 3, prefix: 4 } as const;
const operationNumbers: Readonly<Record<string, number>> = { Read: 3, Write: 4, Delete: 6, Describe: 8 };
const allowed = 3;

async function grant({ client }: KafkaConnection): Promise<void> {
  const acl = [...principals()].flatMap(([name, acls]) =>
    acls.flatMap(({ resource, operations }: Acl) =>
      operations.map((operation) => ({
        resourceType: resourceTypes[resource.type],
        resourceName: resource.name,
        resourcePatternType: patternTypes[resource.patternType],
        principal: `User:${name}`,
        host: '*',
        operation: operationNumbers[operation] ?? unknownOperation(operation),
        permissionType: allowed,
      })),
    ),
  );
  const admin = client.admin();
  try {
    await admin.connect();
    await admin.createAcls({ acl });
  } finally {
    await admin.disconnect();
  }
}

function unknownOperation(name: string): never {
  throw new Error(`the operation ${name} has no number here`);
}
