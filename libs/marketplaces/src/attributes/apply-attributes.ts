import type { Attributes, OrderFact, OrderLineFact } from '@watertight/contracts';
import type { AttributeMapping } from '../marketplaces-schema.ts';
import { convertValue } from './convert-value.ts';
import { isLineField, readLineField, readOrderField, type SourceValue } from './source-fields.ts';

/** The properties that a mapping gives to an order's buyer events, to their lines and to the buyer's profile. */
export interface AppliedAttributes {
  readonly event: Attributes;
  /** By line id; a line without properties is left out. */
  readonly lines: ReadonlyMap<string, Attributes>;
  readonly profile: Attributes;
  /** Mappings whose value was there and could not be read as the type they ask for. */
  readonly notConvertible: readonly AttributeMapping[];
}

const NOTHING: AppliedAttributes = { event: {}, lines: new Map(), profile: {}, notConvertible: [] };

/**
 * Applies the attribute mapping of a marketplace to an order. What is absent gives no property. A field of the lines that
 * is mapped onto the event or the profile gives the values of all lines, each once: all of them where a list is asked
 * for, else the first. A field of the order that is mapped onto lines stands on each of them.
 */
export function applyAttributes(order: OrderFact, mappings: readonly AttributeMapping[]): AppliedAttributes {
  if (mappings.length === 0) return NOTHING;
  const event: Attributes = {};
  const profile: Attributes = {};
  const lines = new Map<string, Attributes>();
  const notConvertible = new Set<AttributeMapping>();
  const set = (target: Attributes, mapping: AttributeMapping, value: SourceValue): void => {
    if (value === null) return;
    const converted = convertValue(value, mapping.as);
    if (converted === undefined) notConvertible.add(mapping);
    else target[mapping.to] = converted;
  };
  for (const mapping of mappings) {
    if (mapping.on === 'line') {
      for (const line of order.lines) {
        const own = lines.get(line.lineId) ?? {};
        set(own, mapping, valueOnLine(order, line, mapping.from));
        if (Object.keys(own).length > 0) lines.set(line.lineId, own);
      }
    } else {
      set(mapping.on === 'event' ? event : profile, mapping, valueOfOrder(order, mapping));
    }
  }
  return { event, lines, profile, notConvertible: [...notConvertible] };
}

function valueOnLine(order: OrderFact, line: OrderLineFact, from: string): SourceValue {
  return isLineField(from) ? readLineField(line, from) : readOrderField(order, from);
}

function valueOfOrder(order: OrderFact, { from, as }: AttributeMapping): SourceValue {
  if (!isLineField(from)) return readOrderField(order, from);
  const values = order.lines.flatMap((line) => {
    const value = readLineField(line, from);
    return value === null ? [] : typeof value === 'object' ? value : [String(value)];
  });
  const distinct = [...new Set(values)];
  return as === 'list' ? (distinct.length === 0 ? null : distinct) : (distinct[0] ?? null);
}
