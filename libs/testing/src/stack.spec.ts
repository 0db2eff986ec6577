import { describe, expect, it } from '@jest/globals';

import { testStack } from './stack.ts';

describe('testStack', () => {
  it('gives what the run provides', () => {
    expect(testStack({ KAFKA_BROKERS: 'a:1,b:2', DATABASE_URL: 'postgres://x/test' })).toEqual({
      kafkaBrokers: ['a:1', 'b:2'],
      databaseUrl: 'postgres://x/test',
    });
  });

  it('says what is missing and what to do', () => {
    expect(() => testStack({ KAFKA_BROKERS: 'a:1' })).toThrow(/^DATABASE_URL not set.*npm run medium/);
    expect(() => testStack({})).toThrow(/^KAFKA_BROKERS and DATABASE_URL not set/);
  });
});
