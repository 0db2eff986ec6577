import { describe, expect, it } from '@jest/globals';
import { OutcomeSchema } from '@watertight/contracts';
import { Compile } from 'typebox/compile';
import { pollFailed } from './source-outcomes.ts';

const fields = {
  marketplaceId: 'maison-fr',
  at: new Date('2026-03-10T12:00:00Z'),
  reason: 'source.unreachable',
  detail: 'm: HTTP 503',
  watermark: new Date('2026-03-10T11:00:00Z'),
} as const;

describe('pollFailed', () => {
  it('calls a marketplace stale after the third failure in a row, and says since when', () => {
    const since = [1, 2, 3, 4].map((consecutive) => pollFailed({ ...fields, consecutive }).staleSince);
    expect(since).toEqual([undefined, undefined, '2026-03-10T11:00:00.000Z', '2026-03-10T11:00:00.000Z']);
  });

  it('has no such time where nothing was ever read', () => {
    expect(pollFailed({ ...fields, consecutive: 9, watermark: null })).not.toHaveProperty('staleSince');
  });

  it('fits its contract', () => {
    expect(Compile(OutcomeSchema).Check(pollFailed({ ...fields, consecutive: 3 }))).toBe(true);
  });
});
