import { describe, expect, it } from '@jest/globals';
import { LagTracker } from './lag.ts';

const at = (high: number, committed: number | null, low = 0) => ({
  partition: 0,
  low: BigInt(low),
  high: BigInt(high),
  committed: committed === null ? null : BigInt(committed),
});

describe('LagTracker', () => {
  it('shows no lag when everything is committed', () => {
    expect(new LagTracker().look(at(100, 100), 5_000)).toEqual({ partition: 0, messages: 0, seconds: 0 });
  });

  it('takes the age from the record at the head', () => {
    const tracker = new LagTracker();
    tracker.noteHead(90n, 1_000);
    expect(tracker.look(at(100, 90), 31_000)).toEqual({ partition: 0, messages: 10, seconds: 30 });
  });

  it('goes on growing while the head stays, as it does in a pause', () => {
    const tracker = new LagTracker();
    tracker.noteHead(90n, 1_000);
    tracker.look(at(100, 90), 31_000);
    expect(tracker.look(at(120, 90), 61_000)).toEqual({ partition: 0, messages: 30, seconds: 60 });
  });

  it('without a record in hand counts from the first look that saw something unprocessed', () => {
    const tracker = new LagTracker();
    tracker.look(at(100, 100), 0);
    expect(tracker.look(at(105, 100), 10_000)).toMatchObject({ messages: 5, seconds: 0 });
    expect(tracker.look(at(109, 100), 20_000)).toMatchObject({ messages: 9, seconds: 10 });
  });

  it('moves on with the committed offset: what is left is younger', () => {
    const tracker = new LagTracker();
    tracker.look(at(105, 100), 10_000);
    tracker.look(at(109, 100), 20_000);
    expect(tracker.look(at(109, 107), 30_000)).toMatchObject({ messages: 2, seconds: 10 });
  });

  it('does not believe a head that has been dealt with', () => {
    const tracker = new LagTracker();
    tracker.noteHead(100n, 0);
    tracker.look(at(105, 101), 50_000);
    expect(tracker.look(at(105, 101), 60_000)).toMatchObject({ messages: 4, seconds: 10 });
  });

  it('believes a head past the committed offset: compaction leaves gaps', () => {
    const tracker = new LagTracker();
    tracker.noteHead(103n, 0);
    expect(tracker.look(at(105, 100), 60_000)).toMatchObject({ messages: 5, seconds: 60 });
  });

  it('begins at the oldest record for a group that never committed', () => {
    expect(new LagTracker().look(at(10, null, 4), 0)).toMatchObject({ messages: 6 });
  });

  it('does not count what retention has removed', () => {
    expect(new LagTracker().look(at(10, 2, 8), 0)).toMatchObject({ messages: 2 });
  });

  it('stays small over a long outage and keeps the oldest look', () => {
    const tracker = new LagTracker();
    const looks = 10_000;
    for (let look = 0; look < looks; look += 1) tracker.look(at(100 + look, 99), look * 10_000);
    expect(tracker.look(at(100 + looks, 99), looks * 10_000)).toMatchObject({ seconds: looks * 10 });
  });
});
