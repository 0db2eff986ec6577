import { ALL_TOPICS } from '@watertight/contracts';
import {
  ConfigError,
  createLogger,
  exitCodes,
  loadConfig,
  RetryableError,
  systemClock,
} from '@watertight/service';
import { connectKafka, type KafkaConnection } from './kafka-connection.ts';
import { kafkaOptions, kafkaVariables } from './kafka-variables.ts';
import { ensureTopics } from './topics-admin.ts';

/** How long the brokers may take to answer after they were started. */
const WAIT_MS = 60_000;
const PAUSE_MS = 1_000;

/** Creates what is missing of our topics, waiting for the brokers if need be. Prints what it does. */
async function createTopics(): Promise<void> {
  const config = loadConfig(kafkaVariables);
  const connection = connectKafka({
    ...kafkaOptions(config),
    clientId: 'create-topics',
    logger: createLogger('create-topics', 'silent'),
  });
  const created = await ensureWhenReady(connection, Date.now() + WAIT_MS);
  for (const name of created) print(`created ${name}`);
  print(created.length === 0 ? 'all topics exist' : `${created.length} topics created`);
}

async function ensureWhenReady(connection: KafkaConnection, untilMs: number): Promise<readonly string[]> {
  for (;;) {
    try {
      return await ensureTopics(connection, ALL_TOPICS);
    } catch (error) {
      if (!(error instanceof RetryableError) || Date.now() >= untilMs) throw error;
      const leftS = Math.ceil((untilMs - Date.now()) / 1_000);
      print(`waiting for Kafka at ${connection.brokers.join(', ')} (${leftS} s left)`);
      await systemClock.sleep(PAUSE_MS);
    }
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await createTopics();
} catch (error) {
  const problems =
    error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : String(error)];
  process.stderr.write(`Topics were not created:\n${problems.map((problem) => `  - ${problem}\n`).join('')}`);
  process.exitCode = error instanceof ConfigError ? exitCodes.configuration : 1;
}
