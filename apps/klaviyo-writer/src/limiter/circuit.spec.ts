import { describe, expect, it } from '@jest/globals';
import { RetryableError } from '@watertight/service';
import { FakeClock } from '@watertight/testing';
import { Circuit } from './circuit.ts';

const away = { kind: 'unavailable', message: 'Klaviyo answered 503', mayHaveLeft: true } as const;

function circuit() {
  const clock = new FakeClock();
  // The whole of each pause is waited: no chance in a test.
  return { clock, one: new Circuit({ clock, baseMs: 1_000, maxMs: 60_000, random: () => 1 }) };
}

const passes = (one: Circuit): boolean => {
  try {
    one.enter();
    return true;
  } catch (error) {
    if (error instanceof RetryableError) return false;
    throw error;
  }
};

describe('the circuit', () => {
  it('lets everything pass while Klaviyo answers', () => {
    const { one } = circuit();
    expect([passes(one), passes(one), one.pausedUntil]).toEqual([true, true, null]);
  });

  it('lets nothing pass after a failure, and says until when', () => {
    const { one, clock } = circuit();
    one.failed(away);
    expect(passes(one)).toBe(false);
    expect(one.pausedUntil).toEqual(new Date(clock.now().getTime() + 1_000));
  });

  it('then lets a single call try, and the others only when it has succeeded', async () => {
    const { one, clock } = circuit();
    one.failed(away);
    await clock.advance(1_000);
    expect([passes(one), passes(one)]).toEqual([true, false]);
    one.answered();
    expect([passes(one), passes(one)]).toEqual([true, true]);
  });

  it('waits twice as long after each try that fails, up to a minute', async () => {
    const { one, clock } = circuit();
    const waits: number[] = [];
    for (let time = 0; time < 9; time += 1) {
      one.failed(away);
      waits.push((one.pausedUntil?.getTime() ?? 0) - clock.now().getTime());
      await clock.advance(waits.at(-1) ?? 0);
      expect(passes(one)).toBe(true);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('counts calls that were under way together and fail together as one failure', () => {
    const { one, clock } = circuit();
    for (let time = 0; time < 20; time += 1) one.failed(away);
    expect(one.pausedUntil).toEqual(new Date(clock.now().getTime() + 1_000));
  });

  it('lets another try when the one that passed did not call', async () => {
    const { one, clock } = circuit();
    one.failed(away);
    await clock.advance(1_000);
    one.enter();
    one.leave();
    expect(passes(one)).toBe(true);
  });
});
