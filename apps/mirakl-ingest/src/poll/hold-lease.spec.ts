import { describe, expect, it } from '@jest/globals';
import type { Leases } from '@watertight/postgres';
import { RetryableError } from '@watertight/service';
import { FakeClock } from '@watertight/testing';
import { holdLease, LEASE_DURATION_MS } from './hold-lease.ts';

type Renewal = () => Promise<boolean>;

function fakeLeases(renew: Renewal, acquired = true) {
  const released: string[] = [];
  const leases: Pick<Leases, 'acquire' | 'renew' | 'release'> = {
    acquire: async () => acquired,
    renew,
    release: async (name) => void released.push(name),
  };
  return { leases: leases as Leases, released };
}

/** Work that goes on until it is told to stop. */
function endless(held: AbortSignal): Promise<void> {
  return new Promise((resolve) => held.addEventListener('abort', () => resolve()));
}

const none = new AbortController().signal;

describe('holdLease', () => {
  it('runs nothing while another replica has the lease', async () => {
    const { leases } = fakeLeases(async () => true, false);
    const lease = { leases, name: 'poll:m', clock: new FakeClock() };
    const work = async () => {
      throw new Error('ran');
    };
    await expect(holdLease(lease, none, work)).resolves.toBe(false);
  });

  it('renews the lease while the work goes on and gives it back when it ends', async () => {
    const clock = new FakeClock();
    let renewals = 0;
    const { leases, released } = fakeLeases(async () => ++renewals > 0);
    const stop = new AbortController();
    const holding = holdLease({ leases, name: 'poll:m', clock }, stop.signal, endless);
    await clock.advance(60_000);
    expect(renewals).toBeGreaterThanOrEqual(60_000 / LEASE_DURATION_MS);
    stop.abort();
    await expect(holding).resolves.toBe(true);
    expect(released).toEqual(['poll:m']);
  });

  it('stops the work at once when another replica has taken the lease over', async () => {
    const clock = new FakeClock();
    const { leases } = fakeLeases(async () => false);
    const holding = holdLease({ leases, name: 'poll:m', clock }, none, endless);
    await clock.advance(4_000);
    await expect(holding).resolves.toBe(true);
  });

  it('outlives a short outage of the database, and stops before the lease can have ended', async () => {
    const clock = new FakeClock();
    let answers = false;
    const { leases } = fakeLeases(async () => {
      if (!answers) throw new RetryableError('away');
      return true;
    });
    let heldFor = 0;
    const holding = holdLease({ leases, name: 'poll:m', clock }, none, async (held) => {
      await endless(held);
      heldFor = clock.now().getTime();
    });
    const start = clock.now().getTime();
    await clock.advance(8_000);
    answers = true;
    await clock.advance(4_000);
    answers = false;
    await clock.advance(30_000);
    await holding;
    expect(heldFor - start).toBeGreaterThan(12_000);
    expect(heldFor - start).toBeLessThanOrEqual(12_000 + LEASE_DURATION_MS);
  });

  it('hands on the error of the work, after giving the lease back', async () => {
    const { leases, released } = fakeLeases(async () => true);
    const bug = new TypeError('a bug');
    const lease = { leases, name: 'poll:m', clock: new FakeClock() };
    const failing = holdLease(lease, none, async () => {
      throw bug;
    });
    await expect(failing).rejects.toBe(bug);
    expect(released).toEqual(['poll:m']);
  });
});
