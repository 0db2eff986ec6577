import { describe, expect, it } from '@jest/globals';
import { RetryableError } from '@watertight/service';
import { FakeClock } from '@watertight/testing';
import { Admission } from './admission.ts';
import { messagesBehind, STAGES_BEHIND } from './messages-behind.ts';

function admission(lags: number[]) {
  const clock = new FakeClock();
  let looks = 0;
  const inFlight = async () => {
    looks += 1;
    return lags.shift() ?? 0;
  };
  return { clock, admission: new Admission(inFlight, clock, 1_000), looks: () => looks };
}

describe('Admission', () => {
  it('is open up to the limit, and closed above it', async () => {
    const { admission: gate, clock } = admission([1_000, 1_001]);
    expect(await gate.isOpen()).toBe(true);
    await clock.advance(1_000);
    expect(await gate.isOpen()).toBe(false);
    expect(gate.reason).toBe('more than 1000 messages are in flight: live orders come first');
  });

  it('opens again only when half has been done', async () => {
    const { admission: gate, clock } = admission([5_000, 900, 501, 500]);
    const answers: boolean[] = [];
    for (let look = 0; look < 4; look += 1) {
      answers.push(await gate.isOpen());
      await clock.advance(1_000);
    }
    expect(answers).toEqual([false, false, false, true]);
  });

  it('counts what it let in before the brokers show it, and does not ask them for every page', async () => {
    const { admission: gate, looks } = admission([900]);
    expect(await gate.isOpen()).toBe(true);
    gate.noteAdmitted(200);
    expect(await gate.isOpen()).toBe(false);
    expect(looks()).toBe(1);
  });
});

describe('messagesBehind', () => {
  it('adds up what the mapper and the writer have before them, each on its own topic', async () => {
    const lags: Readonly<Record<string, number>> = {
      'profile-mapper of mirakl.orders.v1': 700,
      'klaviyo-writer of buyer.events.v1': 301,
    };
    const lag = { messages: async (group: string, topic: string) => lags[`${group} of ${topic}`] ?? NaN };
    const inFlight = messagesBehind(lag, STAGES_BEHIND);
    expect(await inFlight()).toBe(1_001);
    expect(await new Admission(inFlight, new FakeClock(), 1_000).isOpen()).toBe(false);
  });

  it('lets nothing in while it cannot be told', async () => {
    const away = new RetryableError('the brokers are away');
    const inFlight = messagesBehind({ messages: () => Promise.reject(away) }, STAGES_BEHIND);
    await expect(new Admission(inFlight, new FakeClock(), 1_000).isOpen()).rejects.toThrow(away);
  });
});
