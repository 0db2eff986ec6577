import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countAudit, pollCompleted } from '../testing.fixture.ts';
import { forgetReplaced, settledCut } from './settled-cut.ts';
import { foldSource, NO_SOURCE, type SourceStatement } from './source-state.ts';

const fold = (statements: readonly SourceStatement[]) => statements.reduce(foldSource, NO_SOURCE);
const second = (n: number) => new Date(Date.UTC(2026, 2, 10, 12, 0, n)).toISOString();

describe('the settled cut', () => {
  const audit = countAudit('m', 7);
  const poll = pollCompleted('m', { '0': '10', '3': '4' });

  it('needs a complete poll that began after the audit', () => {
    expect(settledCut(fold([audit]), { '0': '99' })).toBeUndefined();
    const before = pollCompleted('m', {}, { startedAt: audit.at });
    expect(settledCut(fold([audit, before]), { '0': '99' })).toBeUndefined();
  });

  it('needs everything published up to that poll to have been folded, on every partition', () => {
    const source = fold([audit, poll]);
    expect(settledCut(source, {})).toBeUndefined();
    expect(settledCut(source, { '0': '10', '3': '3' })).toBeUndefined();
    expect(settledCut(source, { '0': '9', '3': '4', '5': '100' })).toBeUndefined();
    expect(settledCut(source, { '0': '10', '3': '4' })).toEqual({
      auditedAt: '2026-03-10T12:00:02.000Z',
      since: '2026-01-01T00:00:00.000Z',
      until: '2026-03-10T12:00:00.000Z',
      orders: 7,
    });
  });

  it('is settled at once for a marketplace that has published nothing', () => {
    expect(settledCut(fold([countAudit('m', 0), pollCompleted('m', {})]), {})?.orders).toBe(0);
  });

  it('compares offsets as numbers, also beyond what a float can hold', () => {
    const source = fold([audit, pollCompleted('m', { '0': '9007199254740993' })]);
    expect(settledCut(source, { '0': '9007199254740992' })).toBeUndefined();
    expect(settledCut(source, { '0': '9007199254740993' })).toBeDefined();
  });

  it('is the newest of several settled audits, and an older one while the newest is not settled', () => {
    const statements = [
      countAudit('m', 1, { at: second(0) }),
      pollCompleted('m', { '0': '5' }, { startedAt: second(1) }),
      countAudit('m', 2, { at: second(2) }),
      pollCompleted('m', { '0': '9' }, { startedAt: second(3) }),
    ];
    const source = fold(statements);
    expect(settledCut(source, { '0': '5' })?.orders).toBe(1);
    expect(settledCut(source, { '0': '9' })?.orders).toBe(2);
  });

  it('asks for the earliest poll after the audit: later ones ask for more', () => {
    const early = pollCompleted('m', { '0': '5' }, { startedAt: second(3) });
    const late = pollCompleted('m', { '0': '50' }, { startedAt: second(9) });
    for (const polls of [
      [early, late],
      [late, early],
    ]) {
      expect(settledCut(fold([audit, ...polls]), { '0': '5' })).toBeDefined();
    }
  });

  it('is the same for any order of arrival and any repeats', () => {
    const statements: SourceStatement[] = [0, 4, 8].flatMap((n) => [
      countAudit('m', n, { at: second(n) }),
      pollCompleted('m', { '0': String(n + 1) }, { startedAt: second(n + 1), at: second(n + 2) }),
    ]);
    const positions = fc.record({ '0': fc.nat(12).map(String) });
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...statements, ...statements], { minLength: 12 }),
        positions,
        (told, at) => {
          expect(fold(told)).toEqual(fold(statements));
          expect(settledCut(fold(told), at)).toEqual(settledCut(fold(statements), at));
        },
      ),
    );
  });

  it('forgets replaced audits without changing what is settled, now or later', () => {
    const statements: SourceStatement[] = [];
    let source = NO_SOURCE;
    for (let n = 0; n < 400; n += 2) {
      const told: SourceStatement[] = [
        countAudit('m', n, { at: second(n) }),
        pollCompleted('m', { '0': String(n) }, { startedAt: second(n + 1), at: second(n + 1) }),
      ];
      statements.push(...told);
      source = forgetReplaced(told.reduce(foldSource, source), { '0': String(Math.max(0, n - 20)) });
    }
    expect(source.audits.length).toBeLessThan(20);
    expect(settledCut(source, { '0': '398' })).toEqual(settledCut(fold(statements), { '0': '398' }));
  });

  it('keeps a bounded number of audits while nothing settles, the newest among them', () => {
    const statements = Array.from({ length: 1_000 }, (_, n) => countAudit('m', n, { at: second(n) }));
    const { audits } = fold(statements);
    expect(audits.length).toBeLessThanOrEqual(200);
    expect(audits.at(-1)?.orders).toBe(999);
  });
});
