import type { OrderFact } from '@watertight/contracts';
import {
  isChanged,
  type MarketplacesPolicy,
  type OrderPreview,
  previewMapping,
} from '@watertight/marketplaces';

/** The newest orders of one marketplace, or of all, each once, the newest first. */
export function newestOrders(
  facts: readonly OrderFact[],
  { marketplaceId, limit }: { readonly marketplaceId: string | undefined; readonly limit: number },
): readonly OrderFact[] {
  const newest = new Map<string, OrderFact>();
  for (const fact of facts) {
    const known = newest.get(fact.orderKey);
    const isWanted = marketplaceId === undefined || fact.marketplaceId === marketplaceId;
    if (isWanted && (known === undefined || fact.revision > known.revision)) newest.set(fact.orderKey, fact);
  }
  return [...newest.values()]
    .sort((one, other) => Date.parse(other.observedAt) - Date.parse(one.observedAt))
    .slice(0, limit);
}

/** What the attribute mapping of `after` would make of these orders, beside that of `before`. */
export function previewOf(
  orders: readonly OrderFact[],
  before: MarketplacesPolicy | undefined,
  after: MarketplacesPolicy,
): readonly OrderPreview[] {
  const attributesOf = (policy: MarketplacesPolicy | undefined, id: string) =>
    policy?.marketplaces.find((marketplace) => marketplace.id === id)?.attributes ?? [];
  return orders.flatMap((order) =>
    previewMapping(
      [order],
      attributesOf(before, order.marketplaceId),
      attributesOf(after, order.marketplaceId),
    ),
  );
}

/** As a person reads it: one block per order, changed properties marked. */
export function previewText(previews: readonly OrderPreview[]): string {
  const blocks = previews.map(({ orderKey, properties, notConvertible }) => {
    const rows = properties.map((change) => {
      const where = change.lineId === null ? change.on : `line ${change.lineId}`;
      const mark = isChanged(change) ? '*' : ' ';
      return `  ${mark} ${where}: ${change.property}: ${shown(change.before)} -> ${shown(change.after)}`;
    });
    const wrong = notConvertible.map(
      ({ from, to, as }) => `  ! ${from} has a value that is no ${as}, so "${to}" is left out`,
    );
    return [
      orderKey,
      ...(rows.length + wrong.length === 0 ? ['    nothing is mapped'] : rows),
      ...wrong,
    ].join('\n');
  });
  const changed = previews.filter(({ properties }) => properties.some(isChanged)).length;
  const wrong = previews.filter(({ notConvertible }) => notConvertible.length > 0).length;
  const summary = `${previews.length} orders: ${changed} change, ${wrong} with a value that is not of its type`;
  return [...blocks, '', `${summary}. * marks a change.`].join('\n');
}

function shown(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}
