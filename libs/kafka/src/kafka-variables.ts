import { type ConfigOf, flag, list, oneOf, optional, secret, text } from '@watertight/service';
import type { KafkaConnectionOptions } from './kafka-connection.ts';

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

/** The connection's options from those variables. */
export function kafkaOptions(
  config: ConfigOf<typeof kafkaVariables>,
): Pick<KafkaConnectionOptions, 'brokers' | 'ssl' | 'sasl'> {
  const { KAFKA_SSL, KAFKA_SSL_CA, KAFKA_SASL_MECHANISM: mechanism } = config;
  const [username = '', password = ''] = [config.KAFKA_SASL_USERNAME, config.KAFKA_SASL_PASSWORD];
  return {
    brokers: config.KAFKA_BROKERS,
    ...(KAFKA_SSL ? { ssl: KAFKA_SSL_CA === undefined ? true : { ca: KAFKA_SSL_CA } } : {}),
    ...(mechanism === 'none' ? {} : { sasl: { mechanism, username, password } }),
  };
}
