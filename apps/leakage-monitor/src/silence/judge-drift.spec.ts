import { describe, expect, it } from '@jest/globals';
import { judgeDrift } from './judge-drift.ts';

const shares = (direct: number, orders: number) => ({
  orders,
  classes: { direct, relay: orders - direct },
  directShare: orders === 0 ? null : direct / orders,
});

describe('the drift of contact quality', () => {
  it('is a fall of the direct share against the history of the source itself', () => {
    expect(judgeDrift(shares(20, 100), shares(450, 500), 0.15)).toEqual({
      before: 0.9,
      now: 0.2,
      orders: 100,
    });
  });

  it('is neither a rise, nor a share that was always low, nor a small fall', () => {
    expect(judgeDrift(shares(90, 100), shares(100, 500), 0.15)).toBeNull();
    expect(judgeDrift(shares(0, 100), shares(0, 500), 0.15)).toBeNull();
    expect(judgeDrift(shares(80, 100), shares(450, 500), 0.15)).toBeNull();
  });

  it('is not read out of a handful of orders, nor out of what chance brings', () => {
    expect(judgeDrift(shares(0, 29), shares(450, 500), 0.15)).toBeNull();
    expect(judgeDrift(shares(15, 40), shares(34, 64), 0.15)).toBeNull();
  });
});
