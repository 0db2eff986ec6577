import type { OwnerRole } from '@watertight/contracts';
import { AGE_COLUMNS, type Aging } from './exceptions.api.ts';
import type { AgingRow } from './exceptions.store.ts';
import { moneyOf } from './money-of.ts';

const OWNERS: readonly OwnerRole[] = ['operations', 'marketing', 'platform'];

type Cell = Aging['rows'][number]['cells'][number];

/** Pure. One row per owner and reason, one cell per column, also where there is nothing. */
export function buildAging(sums: readonly AgingRow[]): Aging['rows'] {
  const rows = new Map<string, AgingRow[]>();
  for (const sum of sums) {
    const key = `${sum.owner}\n${sum.reason}`;
    rows.set(key, [...(rows.get(key) ?? []), sum]);
  }
  return [...rows.values()]
    .flatMap((parts) => {
      const owner = OWNERS.find((one) => one === parts[0]?.owner);
      if (owner === undefined) return [];
      const cells = AGE_COLUMNS.map((age) =>
        cellOf(
          age,
          parts.filter((part) => part.age === age),
        ),
      );
      return [{ owner, reason: parts[0]?.reason ?? '', cells }];
    })
    .sort(
      (one, other) =>
        OWNERS.indexOf(one.owner) - OWNERS.indexOf(other.owner) || one.reason.localeCompare(other.reason),
    );
}

function cellOf(age: Cell['age'], parts: readonly AgingRow[]): Cell {
  const sum = (pick: (part: AgingRow) => number) => parts.reduce((total, part) => total + pick(part), 0);
  return {
    age,
    exceptions: sum((part) => part.exceptions),
    orders: sum((part) => part.orders),
    money: moneyOf(parts),
    unknownMoney: sum((part) => part.unknown_money),
  };
}
