import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Approach, type Scenario, ScanModel } from './scan-model.fixture.ts';

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  pageSize: fc.integer({ min: 1, max: 6 }),
  orders: fc.integer({ min: 0, max: 14 }),
  changes: fc.array(
    fc.record({
      atAnswer: fc.integer({ min: 1, max: 25 }),
      kind: fc.constantFrom('new order', 'new state', 'refund begins', 'refund ends'),
      order: fc.nat({ max: 20 }),
    }),
    { maxLength: 14 },
  ),
  crashes: fc.array(
    fc.record({
      atPage: fc.integer({ min: 1, max: 25 }),
      point: fc.constantFrom('before publishing', 'after publishing', 'after recording'),
    }),
    { maxLength: 4 },
  ),
  secondsPerPage: fc.integer({ min: 0, max: 400 }),
});

const losesNothing = (approach: Approach) =>
  fc.asyncProperty(scenarios, async (scenario) => {
    const { atMirakl, published } = await new ScanModel(scenario, approach).run();
    expect(Object.fromEntries(published)).toEqual(Object.fromEntries(atMirakl));
  });

describe('the fast loop', () => {
  it('publishes what Mirakl has, for any page size, any changes during the scan, and any crash', async () => {
    await fc.assert(losesNothing('ours'), { numRuns: 250 });
  });

  it.each(['watermark at the end of the scan', 'closed window'] as const)(
    'the same check finds the planted bug: %s',
    async (approach) => {
      const { failed, counterexample } = await fc.check(losesNothing(approach), {
        numRuns: 2_000,
        endOnFailure: true,
      });
      expect([failed, counterexample === null]).toEqual([true, false]);
    },
  );
});
