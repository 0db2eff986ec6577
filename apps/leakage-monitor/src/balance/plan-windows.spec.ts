import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countAudit, pollCompleted } from '../testing.fixture.ts';
import { foldSource, NO_SOURCE } from '../reconcile/source-state.ts';
import { planWindows, splitWindow } from './plan-windows.ts';

const source = [countAudit('m', 7), pollCompleted('m', { '0': '1' })].reduce(foldSource, NO_SOURCE);
const sources = new Map([['m', source]]);

describe('the windows of a balance', () => {
  it('are what the newest settled audit counted', () => {
    const [window] = planWindows(['m'], sources, { '0': '1' }, { from: null, to: null });
    expect(window).toMatchObject({
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-03-10T12:00:00.000Z',
      whole: true,
      cut: { orders: 7 },
    });
  });

  it('are all that the ledger holds before the first settled audit', () => {
    const windows = planWindows(['m', 'unheard-of'], sources, {}, { from: null, to: null });
    for (const window of windows) expect(window).toMatchObject({ cut: null, whole: false });
  });

  it("hold Mirakl's own number only for the whole of what it counted", () => {
    const plan = (from: string | null, to: string | null) =>
      planWindows(['m'], sources, { '0': '1' }, { from, to })[0];
    expect(plan('2025-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z')?.whole).toBe(true);
    expect(plan('2026-02-01T00:00:00.000Z', null)).toMatchObject({
      whole: false,
      from: '2026-02-01T00:00:00.000Z',
    });
    expect(plan(null, '2026-03-01T23:59:59.999Z')).toMatchObject({
      whole: false,
      to: '2026-03-01T23:59:59.999Z',
    });
  });

  it('are read from whole days and edges that cover every instant exactly once', () => {
    const instant = fc
      .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 6) })
      .map((ms) => new Date(ms).toISOString());
    const boundary = fc.oneof(
      instant,
      instant.map((text) => `${text.slice(0, 10)}T00:00:00.000Z`),
      instant.map((text) => `${text.slice(0, 10)}T23:59:59.999Z`),
    );
    fc.assert(
      fc.property(boundary, boundary, boundary, (from, to, created) => {
        const parts = splitWindow({ marketplaceId: 'm', from, to, cut: null, whole: false });
        const day = created.slice(0, 10);
        const inDays = day >= parts.dayFrom && day < parts.dayTo ? 1 : 0;
        const inEdges = parts.edges.filter((edge) => created >= edge.from && created <= edge.to).length;
        expect(inDays + inEdges).toBe(created >= from && created <= to ? 1 : 0);
      }),
      { numRuns: 5_000 },
    );
  });
});
