import { describe, expect, it } from '@jest/globals';
import type { PollFailed } from '@watertight/contracts';
import { foldSource, NO_SOURCE, type SourceStatement } from '../reconcile/source-state.ts';
import { pollCompleted } from '../testing.fixture.ts';
import { judgeHealth, staleSince } from './judge-health.ts';

const MINUTE_MS = 60_000;
const at = (text: string) => new Date(`2026-03-10T${text}Z`);
const completed = (time: string) => pollCompleted('m', {}, { at: at(time).toISOString() });
const failed = (time: string): PollFailed => ({
  kind: 'poll_failed',
  outcomeId: `m:poll_failed:${time}`,
  marketplaceId: 'm',
  at: at(time).toISOString(),
  consecutive: 1,
  reason: 'source.unreachable',
  detail: null,
});
const health = (statements: readonly SourceStatement[], now: string, intervalMs: number | null = MINUTE_MS) =>
  judgeHealth(statements.reduce(foldSource, NO_SOURCE), intervalMs, at(now));

describe('the health of a marketplace', () => {
  it('is silent before the first poll', () => {
    expect(judgeHealth(undefined, MINUTE_MS, at('12:00:00'))).toBe('silent');
  });

  it('is fresh for three intervals after a complete poll, then late', () => {
    expect(health([completed('12:00:00')], '12:03:00')).toBe('fresh');
    expect(health([completed('12:00:00')], '12:03:01')).toBe('late');
  });

  it('is not late for seconds when polls are seconds apart', () => {
    expect(health([completed('12:00:00')], '12:00:30', 1_000)).toBe('fresh');
    expect(health([completed('12:00:00')], '12:00:31', 1_000)).toBe('late');
  });

  it('is failing until a complete poll ends the failure, in any order of arrival', () => {
    expect(health([completed('12:00:00'), failed('12:01:00')], '12:01:01')).toBe('failing');
    expect(health([failed('12:01:00'), completed('12:02:00')], '12:02:01')).toBe('fresh');
    expect(health([completed('12:02:00'), failed('12:01:00')], '12:02:01')).toBe('fresh');
  });

  it('is late when nobody polls it any more', () => {
    expect(health([completed('12:00:00')], '12:00:01', null)).toBe('late');
  });

  it('is stale from the moment the last complete poll is too old', () => {
    const source = [completed('12:00:00')].reduce(foldSource, NO_SOURCE);
    expect(staleSince(source, MINUTE_MS, at('12:03:00'))).toBeNull();
    expect(staleSince(source, MINUTE_MS, at('12:10:00'))).toBe('2026-03-10T12:03:00.000Z');
    expect(staleSince(undefined, MINUTE_MS, at('12:10:00'))).toBeNull();
  });
});
