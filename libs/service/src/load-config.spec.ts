import { describe, expect, it } from '@jest/globals';

import { ConfigError } from './errors.ts';
import { describeVariables, loadConfig, secretsOf } from './load-config.ts';
import { duration, flag, integer, list, oneOf, optional, port, secret, text, url } from './variables.ts';

const about = { describe: 'What it is.', example: 'x' };

const variables = {
  KAFKA_BROKERS: list({ describe: 'Addresses of the brokers.', example: '127.0.0.1:9092' }),
  PORT: port({ ...about, default: 0 }),
  LOG_LEVEL: oneOf(['info', 'warn'], { ...about, default: 'info' }),
  KLAVIYO_API_KEY: secret({ describe: 'The private key.', example: 'pk_…', lengthMin: 8 }),
};

const good = { KAFKA_BROKERS: 'a:1, b:2', KLAVIYO_API_KEY: 'pk_12345' };

function problemsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('gives typed values and defaults', () => {
    const config = loadConfig(variables, good);
    const level: 'info' | 'warn' = config.LOG_LEVEL;
    const portNumber: number = config.PORT;
    expect(config).toEqual({
      KAFKA_BROKERS: ['a:1', 'b:2'],
      PORT: portNumber,
      LOG_LEVEL: level,
      KLAVIYO_API_KEY: 'pk_12345',
    });
    expect([level, portNumber]).toEqual(['info', 0]);
  });

  it('names every problem at once, each with what the variable is for and an example', () => {
    const problems = problemsOf(() => loadConfig(variables, { PORT: '99999', LOG_LEVEL: 'loud' }));
    expect(problems).toEqual([
      'KAFKA_BROKERS is missing: Addresses of the brokers. Example: 127.0.0.1:9092',
      'PORT must be a whole number from 0 to 65535, but it is "99999". What it is. Example: x',
      'LOG_LEVEL must be one of info, warn, but it is "loud". What it is. Example: x',
      'KLAVIYO_API_KEY is missing: The private key. Example: pk_…',
    ]);
  });

  it('takes an empty or blank variable as not set', () => {
    expect(loadConfig(variables, { ...good, PORT: ' ' }).PORT).toBe(0);
    expect(problemsOf(() => loadConfig(variables, { ...good, KAFKA_BROKERS: '' }))).toHaveLength(1);
  });

  it('never shows what a secret was set to', () => {
    const problems = problemsOf(() => loadConfig(variables, { ...good, KLAVIYO_API_KEY: 'short' }));
    expect(problems).toEqual([
      'KLAVIYO_API_KEY must have at least 8 characters. The private key. Example: pk_…',
    ]);
  });

  it('leaves an optional variable undefined', () => {
    const config = loadConfig({ OIDC_ISSUER: optional(text(about)) }, {});
    const issuer: string | undefined = config.OIDC_ISSUER;
    expect(config).toEqual({ OIDC_ISSUER: issuer });
  });
});

describe('the kinds of variables', () => {
  it.each([
    ['500ms', 500],
    ['2s', 2_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
  ])('reads the duration %s in milliseconds', (raw, ms) => {
    expect(loadConfig({ D: duration(about) }, { D: raw }).D).toBe(ms);
  });

  it.each(['5', '5 m', '-5m', '1.5h', 'm'])('refuses the duration "%s"', (raw) => {
    expect(problemsOf(() => loadConfig({ D: duration(about) }, { D: raw }))).toHaveLength(1);
  });

  it.each(['1e3', '0x10', '1.5', '', '11', 'NaN'])('refuses "%s" as a whole number from 0 to 10', (raw) => {
    const whole = integer({ ...about, min: 0, max: 10 });
    expect(problemsOf(() => loadConfig({ N: whole }, { N: raw }))).toHaveLength(1);
  });

  it('reads flags', () => {
    const read = (raw: string) => loadConfig({ F: flag(about) }, { F: raw }).F;
    expect(['1', 'true', '0', 'false'].map(read)).toEqual([true, true, false, false]);
    expect(problemsOf(() => read('maybe'))).toHaveLength(1);
  });

  it('accepts only URLs with a listed scheme', () => {
    const database = { U: url({ ...about, schemes: ['postgres', 'postgresql'] }) };
    const read = (raw: string) => problemsOf(() => loadConfig(database, { U: raw })).length;
    expect(['postgres://h/d', 'postgresql://u:p@h:1/d'].map(read)).toEqual([0, 0]);
    expect(['http://h', 'h:5432', 'postgres'].map(read)).toEqual([1, 1, 1]);
  });

  it('checks a text against its pattern', () => {
    const id = { ID: text({ ...about, pattern: /^[a-z]+$/ }) };
    expect(problemsOf(() => loadConfig(id, { ID: 'A' }))).toEqual([
      'ID must match ^[a-z]+$, but it is "A". What it is. Example: x',
    ]);
  });

  it('refuses a list with an empty part', () => {
    expect(problemsOf(() => loadConfig({ L: list(about) }, { L: 'a,,b' }))).toHaveLength(1);
  });
});

describe('describeVariables', () => {
  it('says for the documentation what each variable is', () => {
    expect(describeVariables({ PORT: port({ ...about, default: 8080 }), KEY: secret(about) })).toEqual([
      {
        name: 'PORT',
        describe: 'What it is.',
        kind: 'port',
        example: 'x',
        required: false,
        secret: false,
        defaultValue: '8080',
      },
      {
        name: 'KEY',
        describe: 'What it is.',
        kind: 'secret',
        example: 'x',
        required: true,
        secret: true,
        defaultValue: undefined,
      },
    ]);
  });
});

describe('secretsOf', () => {
  it('finds the values of secret variables, passwords in their URLs, and variables named like secrets', () => {
    const database = url({ ...about, schemes: ['postgres'], secret: true });
    const env = {
      DATABASE_URL: 'postgres://me:p%40ssword@h/d',
      MAISON_API_KEY: 'maison-key-1',
      HOME: '/home/someone',
      PIN_TOKEN: '123',
    };
    expect(secretsOf({ DATABASE_URL: database }, env)).toEqual([
      'postgres://me:p%40ssword@h/d',
      'p%40ssword',
      'p@ssword',
      'maison-key-1',
    ]);
  });
});
