import { describe, expect, it } from '@jest/globals';
import type { Cause } from '../exceptions/cause.ts';
import { planCommands, planVerify } from './plan-commands.ts';

const HOUR_MS = 60 * 60 * 1000;
const now = new Date('2026-03-10T12:00:00Z');
const cut = { since: '2025-11-01T00:00:00.000Z', until: '2026-03-10T11:00:00.000Z' };
const cuts = new Map([['m', cut]]);

function cause(reason: string, override: Partial<Cause> = {}): Cause {
  return {
    about: 'm:source',
    reason,
    origin: 'source',
    marketplaceId: 'm',
    orderKey: null,
    bucket: null,
    stage: null,
    detail: null,
    amount: null,
    orders: 1,
    since: new Date(now.getTime() - HOUR_MS).toISOString(),
    ...override,
  };
}

describe('what is asked by itself', () => {
  it.each(['balance.not_captured', 'balance.amount_differs'])('%s: the order is fetched again', (reason) => {
    const commands = planCommands([cause(reason, { about: 'm:A-1', orderKey: 'm:A-1' })], cuts, now);
    expect(commands).toMatchObject([{ type: 'refetch', orderKey: 'm:A-1', why: reason }]);
  });

  it('a count that differs: the last month is swept, and everything when that did not help', () => {
    expect(planCommands([cause('source.count_differs')], cuts, now)).toMatchObject([
      { type: 'sweep', marketplaceId: 'm', from: '2026-02-07T11:00:00.000Z', to: cut.until },
    ]);
    const since = new Date(now.getTime() - 7 * HOUR_MS).toISOString();
    expect(planCommands([cause('source.count_differs', { since })], cuts, now)).toMatchObject([
      { type: 'sweep', from: cut.since, to: cut.until },
    ]);
  });

  it('a day that differs: that day is swept', () => {
    expect(
      planCommands([cause('balance.day_differs', { about: 'm:day:2026-03-08' })], cuts, now),
    ).toMatchObject([{ type: 'sweep', from: '2026-03-08T00:00:00.000Z', to: '2026-03-08T23:59:59.999Z' }]);
  });

  it('is the same command within six hours, and another one after', () => {
    const idAt = (hours: number) =>
      planCommands([cause('source.count_differs')], cuts, new Date(now.getTime() + hours * HOUR_MS))[0]
        ?.commandId;
    expect(idAt(5.9)).toBe(idAt(0));
    expect(idAt(6)).not.toBe(idAt(0));
  });

  it('two causes of one order ask for the same command', () => {
    const both = ['balance.not_captured', 'balance.amount_differs'].map((reason) =>
      cause(reason, { about: 'm:A-1', orderKey: 'm:A-1' }),
    );
    const ids = planCommands(both, cuts, now).map(({ commandId }) => commandId);
    expect(new Set(ids).size).toBe(1);
  });

  it('is nothing for what no service can mend', () => {
    expect(planCommands([cause('source.quiet'), cause('source.poll_late')], cuts, now)).toEqual([]);
  });

  it("orders of a day on which Klaviyo's count differs are read back", () => {
    const differs = cause('balance.klaviyo_differs', {
      about: 'account:metric:Placed:2026-03-08',
      marketplaceId: null,
    });
    expect(planVerify(['m:A-1', 'm:A-2'], differs, now)).toMatchObject([
      { type: 'verify', orderKey: 'm:A-1', commandId: 'auto:verify:m:A-1:2026-03-08' },
      { type: 'verify', orderKey: 'm:A-2' },
    ]);
  });
});
