import { describe, expect, it } from '@jest/globals';
import { RetryableError } from '@watertight/service';
import { errorOfStatus, readRetryAfter } from './mirakl-errors.ts';

const now = new Date('2026-03-01T12:00:00Z');

describe('errors of Mirakl', () => {
  it.each([401, 403])('says for %d which marketplace and what to check', (status) => {
    const error = errorOfStatus('maison-fr', status);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error.kind).toBe('unauthorised');
    expect(error.message).toContain('maison-fr');
    expect(error.message).toContain('check apiKey');
    expect(error.isPassing).toBe(false);
  });

  it('carries the time that Mirakl asks for on a 429', () => {
    expect(errorOfStatus('maison-fr', 429, 7_000)).toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: 7_000,
      isPassing: true,
    });
  });

  it.each([
    [500, 'unavailable', true],
    [503, 'unavailable', true],
    [302, 'rejected', false],
    [400, 'rejected', false],
    [404, 'rejected', false],
  ])('takes %d for %s', (status, kind, isPassing) => {
    expect(errorOfStatus('maison-fr', status)).toMatchObject({ kind, isPassing });
  });

  it.each([
    ['30', 30_000],
    ['0', 0],
    ['Sun, 01 Mar 2026 12:00:05 GMT', 5_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['86400', 3_600_000],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads Retry-After %p as %p ms', (header, expected) => {
    expect(readRetryAfter(header, now)).toBe(expected);
  });
});
