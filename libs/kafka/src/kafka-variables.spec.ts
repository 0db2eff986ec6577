import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '@watertight/service';
import { kafkaOptions, kafkaVariables } from './kafka-variables.ts';

const optionsOf = (env: Record<string, string>) => kafkaOptions(loadConfig(kafkaVariables, env));
const brokers = { KAFKA_BROKERS: 'one:9092, two:9092' };

describe('kafkaOptions', () => {
  it('needs the brokers only', () => {
    expect(optionsOf(brokers)).toEqual({ brokers: ['one:9092', 'two:9092'] });
  });

  it('takes TLS with an authority of its own', () => {
    expect(optionsOf({ ...brokers, KAFKA_SSL: '1' })).toMatchObject({ ssl: true });
    expect(optionsOf({ ...brokers, KAFKA_SSL: '1', KAFKA_SSL_CA: 'pem' })).toMatchObject({
      ssl: { ca: 'pem' },
    });
  });

  it('takes the time after which a dead replica is missed', () => {
    expect(optionsOf({ ...brokers, KAFKA_SESSION_TIMEOUT: '6s' })).toMatchObject({ sessionTimeoutMs: 6_000 });
  });

  it('takes credentials', () => {
    const env = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
    expect(optionsOf({ ...brokers, ...env })).toMatchObject({
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
    });
  });

  it('names what is missing of them', () => {
    expect(() => optionsOf({ ...brokers, KAFKA_SASL_MECHANISM: 'plain' })).toThrow(ConfigError);
    expect(() => optionsOf({ ...brokers, KAFKA_SASL_MECHANISM: 'plain' })).toThrow(
      /KAFKA_SASL_USERNAME is missing.*\n.*KAFKA_SASL_PASSWORD is missing/,
    );
  });
});
