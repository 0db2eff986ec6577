import type { OrderFact } from '@watertight/contracts';
import { applyAttributes, type AttributeMapping, isMapped, listFields } from '@watertight/marketplaces';
import { stringify } from 'yaml';
import type { Preview } from './mapping.api.ts';

type BuiltPreview = Pick<Preview, 'orders' | 'changed' | 'unmapped'>;

/** What a changed mapping makes of orders, with the mapper's own code. Pure. */
export function buildPreview(
  facts: readonly OrderFact[],
  before: readonly AttributeMapping[],
  after: readonly AttributeMapping[],
  contact: { readonly emailFrom: readonly string[] },
): BuiltPreview {
  const orders = facts.map((fact) => {
    const [old, next] = [appliedTo(fact, before), appliedTo(fact, after)];
    return {
      orderKey: fact.orderKey,
      createdAt: fact.createdAt,
      changed: JSON.stringify(old) !== JSON.stringify(next),
      before: old,
      after: next,
    };
  });
  return {
    orders,
    changed: orders.filter(({ changed }) => changed).length,
    unmapped: unmappedIn(facts, { attributes: after, contact }),
  };
}

/** The part of marketplaces.yaml to commit. Pure. */
export function mappingYaml(own: readonly AttributeMapping[]): string {
  const attributes = own.map(({ from, to, on, as }) => ({ from, to, on, as }));
  return stringify({ attributes });
}

function appliedTo(
  fact: OrderFact,
  mappings: readonly AttributeMapping[],
): Preview['orders'][number]['before'] {
  const { event, lines, profile } = applyAttributes(fact, mappings);
  return {
    event: { ...event },
    lines: [...lines].map(([lineId, attributes]) => ({ lineId, attributes: { ...attributes } })),
    profile: { ...profile },
  };
}

function unmappedIn(
  facts: readonly OrderFact[],
  mapping: Parameters<typeof isMapped>[1],
): Preview['unmapped'] {
  const counts = new Map<string, number>();
  for (const { field } of facts.flatMap((fact) => listFields(fact))) {
    if (!isMapped(field, mapping)) counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  return [...counts]
    .map(([field, orders]) => ({ field, orders }))
    .sort((one, other) => other.orders - one.orders || (one.field < other.field ? -1 : 1));
}
