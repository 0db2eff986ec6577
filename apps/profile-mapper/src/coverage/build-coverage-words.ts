import { type FieldCoverage, type Finding, money, toWire } from '@watertight/contracts';
import { findMarketplace, isMapped, type MarketplacesPolicy } from '@watertight/marketplaces';
import { ANY_FIELD } from './count-fields.ts';
import type { FieldCoverageRow, PublishedFinding } from './coverage.store.ts';
import { decideVanished } from './decide-vanished.ts';

/** How often a field, or a value of a closed list, was seen, and whether a mapping takes it over. */
export function coverageWord(row: FieldCoverageRow, policy: MarketplacesPolicy, now: Date): FieldCoverage {
  const { marketplaceId, field, value, orders, moneyMinor, example } = row;
  const marketplace = findMarketplace(policy, marketplaceId);
  const at = now.toISOString();
  return {
    kind: 'field_coverage',
    outcomeId: [marketplaceId, 'coverage', field, value, at].join(':').slice(0, 1_000),
    marketplaceId,
    at,
    field: field.slice(0, 500),
    value: value === '' ? null : value,
    mapped: marketplace !== undefined && isMapped(field, marketplace),
    orders,
    money: toWire(money(moneyMinor, policy.reportingCurrency)),
    example: example === '' ? null : example,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
  };
}

/** A finding about a mapped field, with what to remember so that it is said once. */
export interface FieldFinding extends PublishedFinding {
  readonly word: Finding;
}

/** What is news about the mapped fields of every marketplace: one that stopped arriving, or came back, or does not fit. */
export function findFieldFindings(
  rows: readonly FieldCoverageRow[],
  policy: MarketplacesPolicy,
  now: Date,
): readonly FieldFinding[] {
  return rows.flatMap((row) => {
    const marketplace = findMarketplace(policy, row.marketplaceId);
    const mapping = marketplace?.attributes.find(({ from }) => from === row.field);
    if (mapping === undefined) return [];
    const every = rows.find(
      ({ marketplaceId, field }) => marketplaceId === row.marketplaceId && field === ANY_FIELD,
    );
    const ordersNow = every?.orders ?? 0;
    const vanished = decideVanished({ carried: row.orders, ordersThen: row.ordersOfMarketplace, ordersNow });
    const finding = vanished ? 'vanished' : row.notConvertible > 0 ? 'not_convertible' : 'fine';
    const before = row.publishedFinding ?? 'fine';
    if (finding === before) return [];
    const words =
      finding === 'fine'
        ? [findingWord(row, before, 'ok', `${row.field} arrives again as the mapping expects`, now)]
        : [
            ...(before === 'fine'
              ? []
              : [findingWord(row, before, 'ok', `${row.field}: something else is found of it now`, now)]),
            finding === 'vanished'
              ? findingWord(
                  row,
                  finding,
                  'problem',
                  `${row.field} is mapped and has not come with any of the last ${ordersNow - row.ordersOfMarketplace} orders; ${row.orders} orders before carried it. Ask the marketplace whether its code has changed`,
                  now,
                )
              : findingWord(
                  row,
                  finding,
                  'warning',
                  `${row.field} is mapped as ${mapping.as}, and the values of ${row.notConvertible} orders are none (shape: ${row.example}). Change \`as\` of the mapping`,
                  now,
                ),
          ];
    return words.map((word) => ({ row, finding, word }));
  });
}

/** The check begins with the reason code that it is about. */
function findingWord(
  { marketplaceId, field }: FieldCoverageRow,
  finding: string,
  result: Finding['result'],
  detail: string,
  now: Date,
): Finding {
  const reason = finding === 'vanished' ? 'mapping.field_vanished' : 'mapping.not_convertible';
  const check = `${reason}:${field}`.slice(0, 100);
  return {
    kind: 'finding',
    outcomeId: ['mapper', 'finding', marketplaceId, check].join(':'),
    stage: 'mapper',
    marketplaceId,
    at: now.toISOString(),
    check,
    result,
    detail: detail.slice(0, 2_000),
  };
}
