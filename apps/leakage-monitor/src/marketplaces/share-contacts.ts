import type { ContactShares } from './marketplaces.api.ts';

export interface ContactCount {
  readonly contactClass: string;
  readonly orders: number;
}

/** Adds counts up. Pure. Orders whose contact nobody has judged yet are in no share. */
export function shareContacts(counts: readonly ContactCount[]): ContactShares {
  const classes = new Map<string, number>();
  for (const { contactClass, orders } of counts) {
    if (contactClass !== '') classes.set(contactClass, (classes.get(contactClass) ?? 0) + orders);
  }
  const orders = [...classes.values()].reduce((sum, count) => sum + count, 0);
  return {
    orders,
    classes: Object.fromEntries([...classes].sort(([one], [other]) => (one < other ? -1 : 1))),
    directShare: orders === 0 ? null : (classes.get('direct') ?? 0) / orders,
  };
}
