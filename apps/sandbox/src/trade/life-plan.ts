import type { SeededRandom } from '../seeded-random.ts';

export type RefundShape = 'full' | 'piece' | 'amount_only' | 'shipping_only' | 'no_quantity';

export type LifeStep =
  | { readonly do: 'await_acceptance' }
  | { readonly do: 'accept' }
  | { readonly do: 'accept_partly' }
  | { readonly do: 'refuse' }
  | { readonly do: 'debit' }
  | { readonly do: 'ship' }
  | { readonly do: 'collect' }
  | { readonly do: 'receive' }
  | { readonly do: 'fulfil_by_operator' }
  | { readonly do: 'cancel' }
  | { readonly do: 'cancel_part' }
  | { readonly do: 'refund'; readonly shape: RefundShape }
  | { readonly do: 'advance_refund' }
  | { readonly do: 'open_return' }
  | { readonly do: 'advance_return' }
  | { readonly do: 'close' };

const delivered: readonly LifeStep[] = [{ do: 'debit' }, { do: 'ship' }, { do: 'receive' }];

/** The rest of an order's life, decided at its birth. Shares are per hundred orders. */
export function planLife(random: SeededRandom): readonly LifeStep[] {
  const drawn = random.next() * 100;
  if (drawn < 3) return [{ do: 'refuse' }];
  if (drawn < 5) return [{ do: 'cancel' }];
  if (drawn < 7) return [{ do: 'accept' }, { do: 'debit' }, { do: 'cancel' }];
  if (drawn < 10) return [{ do: 'fulfil_by_operator' }, { do: 'close' }];
  if (drawn < 13) return [{ do: 'accept_partly' }, ...delivered, { do: 'close' }];
  if (drawn < 18) {
    return [
      { do: 'accept' },
      { do: 'debit' },
      { do: 'cancel_part' },
      { do: 'ship' },
      { do: 'receive' },
      { do: 'close' },
    ];
  }
  if (drawn < 28) return [{ do: 'accept' }, ...delivered, ...refunded(random), { do: 'close' }];
  if (drawn < 32)
    return [{ do: 'accept' }, ...delivered, ...returned(), ...refunded(random), { do: 'close' }];
  if (drawn < 36) {
    return [
      { do: 'accept' },
      { do: 'debit' },
      { do: 'ship' },
      { do: 'collect' },
      { do: 'receive' },
      { do: 'close' },
    ];
  }
  return [{ do: 'accept' }, ...delivered, { do: 'close' }];
}

/** One to three refunds, each of its own shape, each through its states. */
function refunded(random: SeededRandom): readonly LifeStep[] {
  const shapes: readonly RefundShape[] = [
    'full',
    'piece',
    'piece',
    'amount_only',
    'shipping_only',
    'no_quantity',
  ];
  const count = random.pick([1, 1, 1, 1, 2, 3]);
  return Array.from({ length: count }, () => random.pick(shapes)).flatMap((shape): readonly LifeStep[] => [
    { do: 'refund', shape },
    { do: 'advance_refund' },
    { do: 'advance_refund' },
  ]);
}

function returned(): readonly LifeStep[] {
  return [{ do: 'open_return' }, { do: 'advance_return' }, { do: 'advance_return' }];
}
