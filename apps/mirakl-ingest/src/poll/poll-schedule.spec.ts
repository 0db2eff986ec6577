import { describe, expect, it } from '@jest/globals';
import {
  auditUntil,
  delayAfterFailureMs,
  delayAfterPollMs,
  isAuditDue,
  type SchedulePolicy,
} from './poll-schedule.ts';

const real: SchedulePolicy = {
  pollIntervalMs: 300_000,
  persona: 'seller',
  baseUrl: 'https://maison.example',
};
const local: SchedulePolicy = { ...real, baseUrl: 'http://127.0.0.1:4401/mirakl/maison-fr' };

describe('when to poll', () => {
  it('audits after the first complete poll and then after every third', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].filter(isAuditDue)).toEqual([1, 3, 6, 9]);
  });

  it('waits for the interval of the policy', () => {
    expect(delayAfterPollMs(real, false)).toBe(300_000);
    expect(delayAfterPollMs({ ...local, pollIntervalMs: 2_000 }, false)).toBe(2_000);
  });

  it('comes back soon after an audit, as soon as Mirakl allows', () => {
    expect(delayAfterPollMs(real, true)).toBe(60_000);
    expect(delayAfterPollMs({ ...real, pollIntervalMs: 3_600_000, persona: 'partner' }, true)).toBe(900_000);
    expect(delayAfterPollMs(local, true)).toBe(1_000);
    expect(delayAfterPollMs({ ...real, pollIntervalMs: 30_000 }, true)).toBe(30_000);
  });

  it('never begins two polls within one second of Mirakl’s clock', () => {
    expect(delayAfterPollMs({ ...local, pollIntervalMs: 200 }, false)).toBe(1_000);
  });

  describe('after a failure', () => {
    const after = (policy: SchedulePolicy, consecutive: number, retryAfterMs?: number) =>
      delayAfterFailureMs(policy, { side: 'mirakl', consecutive, retryAfterMs }, () => 1);

    it('backs off up to a few intervals', () => {
      expect([1, 2, 3, 9, 90].map((times) => after(real, times))).toEqual([
        10_000, 20_000, 40_000, 300_000, 300_000,
      ]);
      const quick = { ...local, pollIntervalMs: 2_000 };
      expect([1, 2, 30].map((times) => after(quick, times))).toEqual([2_000, 4_000, 12_000]);
      const slow = { ...real, pollIntervalMs: 3_600_000 };
      expect([1, 90].map((times) => after(slow, times))).toEqual([10_000, 3_600_000]);
    });

    it('obeys Mirakl', () => {
      expect(after(real, 1, 1_200_000)).toBe(1_200_000);
    });

    it('asks our own parts again within seconds', () => {
      const failure = { side: 'ours', consecutive: 90, retryAfterMs: undefined } as const;
      expect(delayAfterFailureMs(real, failure, () => 1)).toBe(10_000);
    });
  });

  it('audits up to a whole second a little before now', () => {
    const now = new Date('2026-03-10T12:00:00.900Z');
    expect(auditUntil(now, 2_000)).toEqual(new Date('2026-03-10T11:59:58Z'));
    expect(auditUntil(now, 300_000)).toEqual(new Date('2026-03-10T11:59:30Z'));
    expect(auditUntil(now, 3_600_000)).toEqual(new Date('2026-03-10T11:59:30Z'));
  });
});
