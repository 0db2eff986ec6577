import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@watertight/testing';

import { HealthRegistry } from './health.ts';

function running(clock = new FakeClock()) {
  const health = new HealthRegistry(clock, 2_000);
  health.enter('running');
  return health;
}

describe('HealthRegistry', () => {
  it('is ready when it runs and every check passes', async () => {
    const health = running();
    health.register('kafka', async () => undefined);
    expect(await health.readiness()).toEqual({ ready: true, state: 'running', checks: { kafka: 'ok' } });
  });

  it('says which check failed and why', async () => {
    const health = running();
    health.register('kafka', async () => undefined);
    health.register('postgres', async () => {
      throw new Error('PostgreSQL does not answer');
    });
    expect(await health.readiness()).toEqual({
      ready: false,
      state: 'running',
      checks: { kafka: 'ok', postgres: 'PostgreSQL does not answer' },
    });
  });

  it('takes a check that throws at once as failed', async () => {
    const health = running();
    health.register('topic', () => {
      throw new Error('no topic');
    });
    expect((await health.readiness()).checks).toEqual({ topic: 'no topic' });
  });

  it.each(['starting', 'draining'] as const)('is not ready while %s', async (state) => {
    const health = running();
    health.enter(state);
    expect(await health.readiness()).toMatchObject({ ready: false, state });
  });

  it('does not wait for a check that hangs, nor start it twice', async () => {
    const clock = new FakeClock();
    const health = running(clock);
    let calls = 0;
    health.register('postgres', () => {
      calls += 1;
      return new Promise(() => undefined);
    });
    const answers = [health.readiness(), health.readiness()];
    await clock.advance(2_000);
    for (const { checks } of await Promise.all(answers)) {
      expect(checks).toEqual({ postgres: 'no answer within 2000 ms' });
    }
    expect(calls).toBe(1);
    expect(clock.sleeping).toBe(0);
  });

  it('refuses two checks of one name', () => {
    const health = running();
    health.register('kafka', async () => undefined);
    expect(() => health.register('kafka', async () => undefined)).toThrow(/registered twice/);
  });
});
