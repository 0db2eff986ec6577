import { describe, expect, it } from '@jest/globals';
import { planAfterMiss } from './plan-look.ts';
import type { DueLook } from './verify.store.ts';

const acceptedAt = new Date('2026-11-20T12:00:00Z');
const after = (ms: number) => new Date(acceptedAt.getTime() + ms);
const times = { everyMs: 3_000, deadlineMs: 20_000 };
const event = (changes: Partial<DueLook> = {}): DueLook => ({
  metric: 'Placed Order',
  uniqueId: 'm:1:placed',
  eventId: 'm:1:placed',
  occurredAt: acceptedAt,
  acceptedAt,
  looks: 0,
  resends: 0,
  ...changes,
});

describe('an accepted event that Klaviyo does not show', () => {
  it('is looked for again, less and less often', () => {
    expect(planAfterMiss(event(), after(3_000), times)).toEqual({ kind: 'look_again', at: after(6_000) });
    expect(planAfterMiss(event({ looks: 1 }), after(6_000), times)).toEqual({
      kind: 'look_again',
      at: after(12_000),
    });
  });

  it('is looked for a last time exactly at its deadline', () => {
    expect(planAfterMiss(event({ looks: 9 }), after(12_000), times)).toEqual({
      kind: 'look_again',
      at: after(20_000),
    });
  });

  it('is looked for at least once a minute', () => {
    const plan = planAfterMiss(event({ looks: 30 }), after(0), { everyMs: 3_000, deadlineMs: 3_600_000 });
    expect(plan).toEqual({ kind: 'look_again', at: after(60_000) });
  });

  it('is sent once more when it is overdue', () => {
    expect(planAfterMiss(event(), after(20_000), times)).toEqual({ kind: 'resend' });
  });

  it('is given to a person when it is overdue again', () => {
    expect(planAfterMiss(event({ resends: 1 }), after(20_000), times)).toEqual({ kind: 'give_up' });
  });
});
