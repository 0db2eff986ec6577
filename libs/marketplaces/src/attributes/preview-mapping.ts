import type { Attributes, OrderFact } from '@watertight/contracts';
import type { AttributeMapping } from '../marketplaces-schema.ts';
import { applyAttributes } from './apply-attributes.ts';

/** One property of an order as a mapping gave it before and gives it after a change; undefined where it gives none. */
export interface PropertyChange {
  readonly on: AttributeMapping['on'];
  /** Null unless the property is a line's. */
  readonly lineId: string | null;
  readonly property: string;
  readonly before: Attributes[string] | undefined;
  readonly after: Attributes[string] | undefined;
}

export interface OrderPreview {
  readonly orderKey: string;
  /** Every property that either mapping gives, changed or not. */
  readonly properties: readonly PropertyChange[];
  /** Mappings of the new file whose value is there and is not of their type. */
  readonly notConvertible: readonly AttributeMapping[];
}

/** What a change of the attribute mapping would do to these orders: values in, values out. */
export function previewMapping(
  orders: readonly OrderFact[],
  before: readonly AttributeMapping[],
  after: readonly AttributeMapping[],
): readonly OrderPreview[] {
  return orders.map((order) => {
    const old = applyAttributes(order, before);
    const next = applyAttributes(order, after);
    return {
      orderKey: order.orderKey,
      properties: [
        ...changesOf('event', null, old.event, next.event),
        ...order.lines.flatMap(({ lineId }) =>
          changesOf('line', lineId, old.lines.get(lineId) ?? {}, next.lines.get(lineId) ?? {}),
        ),
        ...changesOf('profile', null, old.profile, next.profile),
      ],
      notConvertible: next.notConvertible,
    };
  });
}

/** True when the property differs: another value, gained or lost. */
export function isChanged({ before, after }: PropertyChange): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}

function changesOf(
  on: PropertyChange['on'],
  lineId: string | null,
  before: Attributes,
  after: Attributes,
): readonly PropertyChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].map((property) => ({
    on,
    lineId,
    property,
    before: before[property],
    after: after[property],
  }));
}
