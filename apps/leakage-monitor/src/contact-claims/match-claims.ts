import { normaliseAddress } from '@watertight/marketplaces';
import { maskAddress } from '../contacts/mask-address.ts';
import type { ClaimLine } from './contact-claims.api.ts';
import type { GivenClaim } from './read-claims.ts';

/** An order that a number may mean. */
export interface ClaimableOrder {
  readonly order_key: string;
  readonly order_id: string;
  readonly commercial_id: string | null;
  readonly marketplace_id: string;
  readonly bucket: string | null;
  readonly amount_minor: string | null;
  readonly currency: string | null;
}

export interface MatchedClaim {
  readonly line: ClaimLine;
  readonly orders: readonly ClaimableOrder[];
  /** Normalised; undefined for what is not an address. */
  readonly address: string | undefined;
  readonly source: string;
}

type Result = ClaimLine['result'];

const SENTENCES: Readonly<Record<Result, string>> = {
  matched: 'The order gets this address',
  no_such_order: 'No order has this number',
  several_marketplaces:
    'Orders of several marketplaces have this number; name the marketplace or use order keys',
  bad_address: 'What stands there is not an address that can receive mail',
  repeated: 'A line before it claims the same order',
  already_verified: 'Klaviyo has this order already; a claim changes nothing',
  erased: 'The buyer was erased, for good',
  not_a_sale: 'It is not a sale, so nothing is sent for it',
};

/** Where a claim changes nothing any more. */
const FINAL: Readonly<Record<string, Result>> = {
  verified: 'already_verified',
  erased: 'erased',
  not_a_sale: 'not_a_sale',
};

/**
 * Pure. What each claim means: the order or, by the number of a basket, the orders of one marketplace that it names,
 * and why it claims nothing otherwise. The first line about an order counts.
 */
export function matchClaims(
  given: readonly GivenClaim[],
  known: readonly ClaimableOrder[],
): readonly MatchedClaim[] {
  const byName = new Map<string, ClaimableOrder[]>();
  for (const order of known) {
    for (const name of new Set([order.order_key, order.order_id, order.commercial_id ?? order.order_id])) {
      byName.set(keyOf(name), [...(byName.get(keyOf(name)) ?? []), order]);
    }
  }
  const claimed = new Set<string>();
  return given.map((claim) => {
    const found = byName.get(keyOf(claim.order)) ?? [];
    const address = normaliseAddress(claim.email);
    const { result, orders } = judge(found, address, claimed);
    for (const order of orders) claimed.add(order.order_key);
    return {
      line: {
        line: claim.line,
        order: claim.order.slice(0, 400),
        masked: maskAddress(claim.email),
        result,
        orderKeys: orders.map((order) => order.order_key),
        sentence: SENTENCES[result],
      },
      orders,
      address,
      source: claim.source,
    };
  });
}

/** Numbers are typed by hand, in either case. */
function keyOf(name: string): string {
  return name.toUpperCase();
}

function judge(
  found: readonly ClaimableOrder[],
  address: string | undefined,
  claimed: ReadonlySet<string>,
): { readonly result: Result; readonly orders: readonly ClaimableOrder[] } {
  const nothing = (result: Result) => ({ result, orders: [] });
  if (found.length === 0) return nothing('no_such_order');
  if (new Set(found.map((order) => order.marketplace_id)).size > 1) return nothing('several_marketplaces');
  if (address === undefined) return nothing('bad_address');
  const open = found.filter(({ bucket }) => bucket === null || FINAL[bucket] === undefined);
  const [first] = found;
  if (open.length === 0) return nothing(FINAL[first?.bucket ?? ''] ?? 'already_verified');
  const fresh = open.filter((order) => !claimed.has(order.order_key));
  return fresh.length === 0 ? nothing('repeated') : { result: 'matched', orders: fresh };
}
