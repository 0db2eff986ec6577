import { describe, expect, it } from '@jest/globals';
import { createLogger, RetryableError } from '@watertight/service';
import { FakeClock } from '@watertight/testing';
import type { Balance } from '../balance/balance.api.ts';
import { balanceOf } from '../ledger/balance.ts';
import { LiveFeed, type LiveMessage } from './live-feed.ts';

function balanceWith(orders: number): Balance {
  const cut = { auditedAt: '', since: '', until: '', orders };
  const sheet = balanceOf([{ marketplaceId: 'm', from: '', to: '', cut, whole: true }], []);
  return { asOf: '', settled: true, ...sheet, leaking: [], marketplaces: [], definitions: {} };
}

function stage() {
  const clock = new FakeClock();
  const state = { reads: 0, orders: 1, failing: false, newestEvent: '7' };
  const reader = {
    read: () => {
      state.reads += 1;
      return state.failing
        ? Promise.reject(new RetryableError('down'))
        : Promise.resolve(balanceWith(state.orders));
    },
  };
  const desk = { newestEvent: () => Promise.resolve(state.newestEvent) };
  const live = new LiveFeed(reader, desk, clock, createLogger('test', 'silent'));
  const told: LiveMessage['type'][] = [];
  return { clock, state, live, told, watch: () => live.watch(({ type }) => told.push(type)) };
}

describe('the live feed', () => {
  it('is told at once, then only when it has changed', async () => {
    const { clock, state, live, told, watch } = stage();
    watch();
    await clock.advance(0);
    expect(told).toEqual(['balance']);
    live.noteFolded();
    await clock.advance(2_000);
    expect(told).toEqual(['balance']);
    state.orders = 2;
    live.noteFolded();
    await clock.advance(2_000);
    expect(told).toEqual(['balance', 'balance']);
  });

  it('is not read while nothing was folded, and says now and then that it is alive', async () => {
    const { clock, state, told, watch } = stage();
    watch();
    await clock.advance(60_000);
    expect(state.reads).toBe(1);
    expect(told).toEqual(['balance', 'alive', 'alive', 'alive']);
  });

  it('is read once for all who watch, and not at all while nobody does', async () => {
    const { clock, state, live, told, watch } = stage();
    live.noteFolded();
    await clock.advance(10_000);
    expect(state.reads).toBe(0);
    const stops = [watch(), watch()];
    await clock.advance(0);
    expect(state.reads).toBe(1);
    watch();
    expect(told).toHaveLength(3);
    for (const stop of stops) stop();
    expect(live.watching).toBe(1);
  });

  it('begins anew for one who comes after everyone had left', async () => {
    const { clock, state, live, told, watch } = stage();
    watch()();
    await clock.advance(4_000);
    state.orders = 7;
    live.noteFolded();
    watch();
    await clock.advance(2_000);
    expect(told.at(-1)).toBe('balance');
    expect(live.watching).toBe(1);
  });

  it('says when the ledger cannot be read, and goes on by itself', async () => {
    const { clock, state, told, watch } = stage();
    state.failing = true;
    watch();
    await clock.advance(0);
    expect(told).toEqual(['unavailable']);
    state.failing = false;
    await clock.advance(2_000);
    expect(told).toEqual(['unavailable', 'balance']);
  });

  it('says when something happened at the desk, and not how it stood before', async () => {
    const { clock, state, told, watch } = stage();
    watch();
    await clock.advance(4_000);
    expect(told).toEqual(['balance']);
    state.newestEvent = '8';
    await clock.advance(2_000);
    expect(told).toEqual(['balance', 'exceptions']);
    await clock.advance(4_000);
    expect(told).toEqual(['balance', 'exceptions']);
  });
});
