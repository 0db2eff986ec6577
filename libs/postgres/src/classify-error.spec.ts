import { describe, expect, it } from '@jest/globals';
import { ConfigError, RetryableError } from '@watertight/service';

import { classifyConnectError, classifyError } from './classify-error.ts';

const coded = (code: string, message = 'message') => Object.assign(new Error(message), { code });

describe('classifyError', () => {
  it.each([
    '08006',
    '08001',
    '57P01',
    '57P03',
    '57014',
    '53300',
    '40001',
    '40P01',
    '55P03',
    '25006',
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ENOTFOUND',
  ])('takes %s as something that can pass', (code) => {
    const error = coded(code);
    const classified = classifyError(error);
    expect(classified).toBeInstanceOf(RetryableError);
    expect(classified).toMatchObject({
      message: `PostgreSQL cannot do it now: ${code} message`,
      cause: error,
    });
  });

  it.each([
    'Connection terminated unexpectedly',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
  ])('takes "%s" as something that can pass', (message) => {
    expect(classifyError(new Error(message))).toBeInstanceOf(RetryableError);
  });

  it.each(['23505', '42P01', '22P02', '21000', 'ERR_INVALID_ARG_TYPE'])('leaves %s as unknown', (code) => {
    const error = coded(code);
    expect(classifyError(error)).toBe(error);
  });

  it('looks into the error that typeorm wraps', () => {
    const wrapped = Object.assign(new Error('deadlock detected'), { driverError: coded('40P01') });
    expect(classifyError(wrapped)).toBeInstanceOf(RetryableError);
  });

  it('leaves a retryable error and a thing that is no error as they are', () => {
    const error = new RetryableError('again');
    expect(classifyError(error)).toBe(error);
    expect(classifyError('text')).toBe('text');
  });
});

describe('classifyConnectError', () => {
  const url = 'postgres://me:hidden@db.internal:5433/shop';

  it('says that the database is missing and how to create it', () => {
    const error = classifyConnectError(coded('3D000'), url);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/no database "shop" on db.internal:5433.*createdb shop/),
    });
  });

  it('says that the user was not let in, without the password', () => {
    const error = classifyConnectError(coded('28P01'), url);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ message: expect.stringContaining('does not let "me" in') });
    expect(error).not.toMatchObject({ message: expect.stringContaining('hidden') });
  });

  it('says where nothing answers', () => {
    const refused = new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]);
    const error = classifyConnectError(Object.assign(refused, { code: 'ECONNREFUSED' }), url);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({
      message: expect.stringContaining('PostgreSQL on db.internal:5433 does not answer (ECONNREFUSED)'),
    });
  });
});
