import { describe, expect, it } from '@jest/globals';

import { ConfigError, RetryableError } from './errors.ts';
import { serializeError } from './serialize-error.ts';

describe('serializeError', () => {
  it('keeps what helps: kind, reason to wait, cause', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = new RetryableError('no database', { retryAfterMs: 50, cause });
    expect(serializeError(error)).toMatchObject({
      type: 'RetryableError',
      message: 'no database',
      retryAfterMs: 50,
      cause: { type: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
    });
    expect(serializeError(new ConfigError(['one', 'two'])).problems).toEqual(['one', 'two']);
  });

  it('drops the parameters of a query and the values of a refused row', () => {
    const error = Object.assign(new Error('duplicate key'), {
      name: 'QueryFailedError',
      query: 'insert …',
      parameters: ['ada@example.com'],
      detail: 'Key (email)=(ada@example.com) already exists.',
      code: '23505',
      constraint: 'buyer_email_key',
    });
    const serialized = serializeError(error);
    expect(JSON.stringify(serialized)).not.toContain('example.com');
    expect(serialized).toMatchObject({ code: '23505', constraint: 'buyer_email_key' });
  });

  it('shows the errors inside an aggregate, which has no message of its own', () => {
    const aggregate = new AggregateError([new Error('connect ::1'), new Error('connect 127.0.0.1')]);
    expect(serializeError(aggregate).errors?.map(({ message }) => message)).toEqual([
      'connect ::1',
      'connect 127.0.0.1',
    ]);
  });

  it('does not take the answer of another side for errors', () => {
    expect(
      serializeError(Object.assign(new Error('x'), { errors: [{ detail: 'leak' }] })),
    ).not.toHaveProperty('errors');
  });

  it('accepts whatever was thrown', () => {
    expect(serializeError('text')).toEqual({ type: 'string', message: 'text' });
    expect(serializeError(undefined)).toEqual({ type: 'undefined', message: 'undefined' });
    expect(serializeError(Object.create(null))).toMatchObject({ message: '' });
  });

  it('ends where causes go in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(serializeError(error)).match(/round/g)?.length).toBeGreaterThan(1);
  });
});
