import type { Amounts } from '../display/amounts.tsx';
import { addAmounts, NO_AMOUNTS } from '../display/add-amounts.ts';
import type { Balance, Owner } from '../api/model.ts';

export interface Verdict {
  /** What is leaking now: failed and without a usable contact, from the reasons of the balance. */
  readonly leaking: Amounts;
  /** Whose job it is, most orders first. */
  readonly owners: readonly { readonly owner: Owner; readonly amounts: Amounts }[];
  /** Nothing unaccounted for. */
  readonly isBalanced: boolean;
}

const LEAKING_BUCKETS = ['failed', 'uncaptured_contact'];

/** Is anything leaking, how much, whose job: from the balance alone. */
export function judgeBalance(balance: Pick<Balance, 'leaking' | 'difference'>): Verdict {
  const leaks = balance.leaking.filter(({ bucket }) => LEAKING_BUCKETS.includes(bucket));
  const byOwner = new Map<Owner, Amounts>();
  for (const leak of leaks) byOwner.set(leak.owner, addAmounts(byOwner.get(leak.owner) ?? NO_AMOUNTS, leak));
  const owners = [...byOwner].map(([owner, amounts]) => ({ owner, amounts }));
  return {
    leaking: leaks.reduce<Amounts>((sum, leak) => addAmounts(sum, leak), NO_AMOUNTS),
    owners: owners.sort((one, other) => other.amounts.orders - one.amounts.orders),
    isBalanced:
      balance.difference.orders === 0 &&
      Object.values(balance.difference.money).every((amount) => Number(amount) === 0),
  };
}
