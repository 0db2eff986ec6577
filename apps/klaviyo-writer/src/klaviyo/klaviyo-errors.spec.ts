import { describe, expect, it } from '@jest/globals';
import { classifyAnswer, classifyNetworkError, describeFailure } from './klaviyo-errors.ts';

const body = (...errors: object[]) => ({ errors });

describe('an answer of Klaviyo that is no success', () => {
  it('429 says how long to wait', () => {
    expect(classifyAnswer(429, '7', body())).toEqual({ kind: 'throttled', retryAfterMs: 7_000 });
  });

  it.each([
    [null, 1_000],
    ['soon', 1_000],
    ['0', 1_000],
    ['999999', 3_600_000],
  ])('429 with Retry-After %s waits %i ms', (header, retryAfterMs) => {
    expect(classifyAnswer(429, header, undefined)).toEqual({ kind: 'throttled', retryAfterMs });
  });

  it.each([401, 403])('%i asks a person to check the key', (status) => {
    const failure = classifyAnswer(
      status,
      null,
      body({ code: 'permission_denied', detail: 'missing scopes' }),
    );
    expect(failure.kind).toBe('misconfigured');
    expect(describeFailure(failure)).toContain('Check KLAVIYO_API_KEY and its scopes');
    expect(describeFailure(failure)).toContain('missing scopes');
  });

  it('400 about the key is about the key, not about the event', () => {
    expect(classifyAnswer(400, null, body({ code: 'not_authenticated', detail: 'x' })).kind).toBe(
      'misconfigured',
    );
  });

  it('400 hands on what is wrong and where', () => {
    const error = { code: 'invalid', detail: 'bad time', source: { pointer: '/data/attributes/time' } };
    expect(classifyAnswer(400, null, body(error))).toEqual({
      kind: 'rejected',
      status: 400,
      problems: [
        { code: 'invalid', detail: 'bad time', pointer: '/data/attributes/time', duplicateProfileId: null },
      ],
    });
  });

  it('409 hands on which other profile has one of the identifiers', () => {
    const error = {
      code: 'duplicate_profile',
      detail: 'A profile already exists.',
      source: { pointer: '/data/attributes' },
      meta: { duplicate_profile_id: '01ABC' },
    };
    expect(classifyAnswer(409, null, body(error))).toMatchObject({
      problems: [{ code: 'duplicate_profile', duplicateProfileId: '01ABC' }],
    });
  });

  it('400 without a document is rejected without a reason', () => {
    expect(classifyAnswer(400, null, '<html>')).toEqual({ kind: 'rejected', status: 400, problems: [] });
  });

  it('keeps addresses and numbers out of what is handed on', () => {
    const error = { code: 'invalid', detail: "'zoe.martin@example.org' and +33 6 12 34 56 78 are taken" };
    const failure = classifyAnswer(400, null, body(error));
    expect(describeFailure(failure)).not.toMatch(/example\.org|34 56/);
  });

  it.each([500, 502, 503, 504, 524, 408])('%i leaves in doubt whether it was stored', (status) => {
    expect(classifyAnswer(status, null, undefined)).toMatchObject({ kind: 'unavailable', mayHaveLeft: true });
  });

  it('410 asks for an upgrade', () => {
    expect(describeFailure(classifyAnswer(410, null, undefined))).toContain('Upgrade this service');
  });

  it.each([301, 404, 405, 406, 415])(
    '%i is about how we ask, so nothing is blamed on the event',
    (status) => {
      expect(classifyAnswer(status, null, undefined).kind).toBe('misconfigured');
    },
  );
});

describe('a call without an answer', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED'])(
    '%s means that nothing left',
    (code) => {
      expect(classifyNetworkError(code)).toMatchObject({ kind: 'unavailable', mayHaveLeft: false });
    },
  );

  it.each(['ECONNRESET', 'ETIMEDOUT', 'ECONNABORTED', 'ERR_CANCELED', 'EPIPE', undefined])(
    '%s leaves in doubt whether it was stored',
    (code) => {
      expect(classifyNetworkError(code)).toMatchObject({ kind: 'unavailable', mayHaveLeft: true });
    },
  );
});
