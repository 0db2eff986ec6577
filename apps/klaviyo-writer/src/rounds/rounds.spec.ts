import { describe, expect, it } from '@jest/globals';
import type { Leases } from '@watertight/postgres';
import { createLogger, RetryableError } from '@watertight/service';
import { FakeClock } from '@watertight/testing';
import { type Round, Rounds } from './rounds.ts';

const leases = (held: boolean) =>
  ({ acquire: async () => held, release: async () => undefined }) as unknown as Leases;

async function runFor(ms: number, round: Partial<Round>, held = true): Promise<number> {
  const clock = new FakeClock();
  let times = 0;
  const rounds = new Rounds({ leases: leases(held), clock, logger: createLogger('test', 'silent') }, [
    {
      name: 'test',
      everyMs: 10_000,
      alone: true,
      ...round,
      run: async () => {
        times += 1;
        return (await round.run?.()) ?? false;
      },
    },
  ]);
  rounds.start();
  await clock.advance(ms);
  const stopped = rounds.stop();
  await clock.advance(0);
  await stopped;
  return times;
}

describe('rounds', () => {
  it('run again and again at their interval', async () => {
    expect(await runFor(45_000, {})).toBe(5);
  });

  it('of one replica at a time do nothing without the lease', async () => {
    expect(await runFor(45_000, {}, false)).toBe(0);
    expect(await runFor(45_000, { alone: false }, false)).toBe(5);
  });

  it('go on at once while there is more to do', async () => {
    let left = 7;
    expect(await runFor(9_000, { run: async () => (left -= 1) > 0 })).toBe(7);
  });

  it('wait as long as they are asked to when they cannot go on', async () => {
    const run = (): Promise<boolean> =>
      Promise.reject(new RetryableError('not now', { retryAfterMs: 20_000 }));
    expect(await runFor(45_000, { run })).toBe(3);
  });
});
