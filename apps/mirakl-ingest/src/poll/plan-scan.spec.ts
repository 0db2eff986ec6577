import { describe, expect, it } from '@jest/globals';
import { planScan, type Progress, type ScanUnderWay, watermarkOf } from './plan-scan.ts';

const now = new Date('2026-03-10T12:00:00Z');
const policy = { backfillFrom: new Date('2026-01-01T00:00:00Z'), readingHash: 'h1', overlapMs: 300_000 };
const fresh: Progress = {
  watermark: null,
  historyFrom: null,
  readingHash: null,
  scan: null,
  pollsCompleted: 0,
};
const settled: Progress = {
  ...fresh,
  watermark: new Date('2026-03-10T11:50:00Z'),
  historyFrom: policy.backfillFrom,
  readingHash: 'h1',
  pollsCompleted: 7,
};
const scan: ScanUnderWay = {
  from: new Date('2026-03-10T11:40:00Z'),
  cursor: 'offset=200',
  startedAt: new Date('2026-03-10T11:51:00Z'),
  nextWatermark: new Date('2026-03-10T11:46:00Z'),
  historyFrom: policy.backfillFrom,
  readingHash: 'h1',
};

describe('planScan', () => {
  it('reads all history on the first start, a little more than was asked for', () => {
    expect(planScan(fresh, policy, now)).toEqual({
      from: new Date('2025-12-31T23:55:00Z'),
      resume: null,
      historyFrom: policy.backfillFrom,
      why: 'first start',
    });
  });

  it('then reads what changed since the watermark', () => {
    expect(planScan(settled, policy, now)).toMatchObject({
      from: settled.watermark,
      resume: null,
      why: 'changes',
    });
  });

  it('clamps a watermark that lies in the future', () => {
    const wrong = { ...settled, watermark: new Date('2027-01-01T00:00:00Z') };
    expect(planScan(wrong, policy, now).from).toEqual(new Date('2026-03-10T11:55:00Z'));
  });

  it('goes on with an interrupted scan at its next page', () => {
    const plan = planScan({ ...settled, scan }, policy, now);
    expect(plan).toMatchObject({ from: scan.from, resume: scan, why: 'resumed' });
  });

  it('goes on with an interrupted first scan', () => {
    expect(planScan({ ...fresh, scan }, policy, now)).toMatchObject({ why: 'resumed' });
  });

  it('begins an interrupted scan anew when it would not read what is wanted now', () => {
    const read = { ...policy, readingHash: 'h2' };
    expect(planScan({ ...settled, scan }, read, now)).toMatchObject({
      resume: null,
      why: 'orders are read differently',
    });
    const earlier = { ...policy, backfillFrom: new Date('2025-06-01T00:00:00Z') };
    expect(planScan({ ...settled, scan }, earlier, now)).toMatchObject({
      resume: null,
      why: 'earlier backfillFrom',
    });
  });

  it('reads history again from an earlier backfillFrom, and not for a later one', () => {
    const earlier = { ...policy, backfillFrom: new Date('2025-06-01T00:00:00Z') };
    expect(planScan(settled, earlier, now)).toMatchObject({
      from: new Date('2025-05-31T23:55:00Z'),
      historyFrom: earlier.backfillFrom,
    });
    const later = { ...policy, backfillFrom: new Date('2026-02-01T00:00:00Z') };
    expect(planScan(settled, later, now)).toMatchObject({ why: 'changes', historyFrom: policy.backfillFrom });
  });
});

describe('planScan while a backfill reads the history', () => {
  const pending = { until: new Date('2026-03-10T09:00:00Z') };

  it('follows what changed since the backfill was asked for, and claims no history', () => {
    expect(planScan(fresh, policy, now, pending)).toEqual({
      from: new Date('2026-03-10T08:55:00Z'),
      resume: null,
      historyFrom: null,
      why: 'changes',
    });
    const polled = { ...fresh, watermark: new Date('2026-03-10T11:50:00Z') };
    expect(planScan(polled, policy, now, pending)).toMatchObject({
      from: polled.watermark,
      historyFrom: null,
    });
  });

  it('goes on with an interrupted scan of changes, whether or not the history has been read meanwhile', () => {
    const changes = { ...scan, historyFrom: null };
    expect(planScan({ ...fresh, scan: changes }, policy, now, pending)).toMatchObject({ resume: changes });
    expect(planScan({ ...settled, scan: changes }, policy, now)).toMatchObject({
      resume: changes,
      historyFrom: null,
    });
  });
});

describe('watermarkOf', () => {
  const at = (time: string) => new Date(`2026-03-10T${time}Z`);

  it('is the start of the scan by Mirakl’s clock, minus the overlap', () => {
    expect(watermarkOf(at('12:00:00'), at('12:00:03'), 300_000)).toEqual(at('11:55:00'));
  });

  it('goes by the earlier clock when the two differ, so that a wrong one only makes us read twice', () => {
    expect(watermarkOf(at('18:00:00'), at('12:00:00'), 300_000)).toEqual(at('11:55:00'));
    expect(watermarkOf(at('12:00:00'), at('18:00:00'), 300_000)).toEqual(at('11:55:00'));
  });
});
