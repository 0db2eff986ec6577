// Checks the topics on the brokers that KAFKA_BROKERS names: one line of JSON per finding on standard output.
import { ALL_TOPICS, deadLetterTopicsOf } from '@watertight/contracts';
import { checkTopics, connectKafka, kafkaOptions, kafkaVariables } from '@watertight/kafka';
import { ConfigError, createLogger, loadConfig, RetryableError } from '@watertight/service';

function say(result: 'ok' | 'problem', detail: string): void {
  process.stdout.write(`${JSON.stringify({ check: 'topics', marketplaceId: null, result, detail })}\n`);
}

try {
  const logger = createLogger('doctor', 'silent');
  const connection = connectKafka({
    ...kafkaOptions(loadConfig(kafkaVariables)),
    clientId: 'doctor',
    logger,
  });
  await checkTopics(connection, ALL_TOPICS, ALL_TOPICS.flatMap(deadLetterTopicsOf));
  say('ok', `all ${ALL_TOPICS.length} topics exist on ${connection.brokers.join(', ')}`);
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof RetryableError)) throw error;
  const problems = error instanceof ConfigError ? error.problems : [error.message];
  for (const problem of problems) say('problem', problem);
}
