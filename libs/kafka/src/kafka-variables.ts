import {
  ConfigError,
  type ConfigOf,
  duration,
  flag,
  list,
  oneOf,
  optional,
  secret,
  text,
} from '@watertight/service';
import type { KafkaConnectionOptions, SaslCredentials } from './kafka-connection.ts';

/** The variables of every service that talks to Kafka. */
export const kafkaVariables = {
  KAFKA_BROKERS: list({
    describe: 'Kafka brokers to begin with, host:port, separated by commas.',
    example: '127.0.0.1:9092',
  }),
  KAFKA_SSL: flag({ describe: 'Talk TLS to the brokers.', example: '1', default: false }),
  KAFKA_SSL_CA: optional(
    text({
      describe:
        "The authority that signed the brokers' certificates, as PEM text; without it the system's ones hold.",
      example: '-----BEGIN CERTIFICATE-----…',
    }),
  ),
  KAFKA_SESSION_TIMEOUT: optional(
    duration({
      describe:
        'After this long a replica that died is missed and its partitions are given away. Left out, 10s. Brokers allow what their group.min.session.timeout.ms says, 6s or more by default.',
      example: '10s',
    }),
  ),
  KAFKA_SASL_MECHANISM: oneOf(['none', 'plain', 'scram-sha-256', 'scram-sha-512'], {
    describe: 'How the service signs in to the brokers.',
    example: 'scram-sha-512',
    default: 'none',
  }),
  KAFKA_SASL_USERNAME: optional(
    text({ describe: 'Name to sign in to the brokers with.', example: 'profile-mapper' }),
  ),
  KAFKA_SASL_PASSWORD: optional(
    secret({ describe: 'Password to sign in to the brokers with.', example: '…' }),
  ),
};

/** The connection's options from those variables. Throws ConfigError when they do not fit together. */
export function kafkaOptions(
  config: ConfigOf<typeof kafkaVariables>,
): Pick<KafkaConnectionOptions, 'brokers' | 'ssl' | 'sasl' | 'sessionTimeoutMs'> {
  const { KAFKA_BROKERS: brokers, KAFKA_SSL, KAFKA_SSL_CA, KAFKA_SESSION_TIMEOUT: sessionTimeoutMs } = config;
  const sasl = saslCredentials(config);
  return {
    brokers,
    ...(KAFKA_SSL ? { ssl: KAFKA_SSL_CA === undefined ? true : { ca: KAFKA_SSL_CA } } : {}),
    ...(sasl === undefined ? {} : { sasl }),
    ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
  };
}

function saslCredentials(config: ConfigOf<typeof kafkaVariables>): SaslCredentials | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD } = config;
  if (mechanism === 'none') return undefined;
  if (KAFKA_SASL_USERNAME !== undefined && KAFKA_SASL_PASSWORD !== undefined) {
    return { mechanism, username: KAFKA_SASL_USERNAME, password: KAFKA_SASL_PASSWORD };
  }
  const missing = Object.entries({ KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD }).filter(
    ([, set]) => set === undefined,
  );
  throw new ConfigError(missing.map(([name]) => `${name} is missing: KAFKA_SASL_MECHANISM is ${mechanism}`));
}
