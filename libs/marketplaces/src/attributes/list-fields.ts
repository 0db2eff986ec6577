import type { OrderFact } from '@watertight/contracts';
import type { AttributeMapping } from '../marketplaces-schema.ts';
import { maskExample } from './mask-example.ts';
import { readLineField, readOrderField, type SourceValue } from './source-fields.ts';

/** A source field that an order carries, as a mapping would name it. */
export interface SeenField {
  readonly field: string;
  /** What stands there where the field is a closed list: a category, a payment type, an operator's choice. */
  readonly values: readonly string[];
  /** Masked, when it is asked for: of most fields of most orders nobody wants it. */
  readonly example: () => string;
}

/** Closed lists whose new entries are news. The other fixed fields are identity, time or money. */
const watchedOrderFields = ['order.payment_type', 'order.channel_code', 'order.state_reason'] as const;
const watchedLineFields = ['line.category_label'] as const;

/** Types of additional fields whose values the operator chose; the others hold what somebody typed. */
const closedTypes: readonly (string | null)[] = ['LIST', 'MULTIPLE_VALUES_LIST', 'BOOLEAN'];

const VALUE_MAX_LENGTH = 200;
const VALUES_MAX = 20;

/** Every watched and every additional field that the order, or a line of it, carries a value in; each once. */
export function listFields(order: OrderFact): readonly SeenField[] {
  const seen = new Map<string, SeenField>();
  const add = (field: string, value: SourceValue, closed: boolean): void => {
    if (value === null) return;
    const texts = (typeof value === 'object' ? value : [String(value)]).map((text) =>
      text.slice(0, VALUE_MAX_LENGTH).toWellFormed(),
    );
    const known = seen.get(field);
    const values = closed ? [...new Set([...(known?.values ?? []), ...texts])].slice(0, VALUES_MAX) : [];
    seen.set(field, { field, values, example: known?.example ?? (() => maskExample(texts.join(', '))) });
  };
  for (const field of watchedOrderFields) add(field, readOrderField(order, field), true);
  for (const { code, type } of order.additionalFields) {
    add(`additional:${code}`, readOrderField(order, `additional:${code}`), closedTypes.includes(type));
  }
  for (const line of order.lines) {
    for (const field of watchedLineFields) add(field, readLineField(line, field), true);
    for (const { code, type } of line.additionalFields) {
      const field = `line.additional:${code}`;
      add(field, readLineField(line, field), closedTypes.includes(type));
    }
  }
  return [...seen.values()];
}

/** True when a mapping, or the contact rule, names the field: it is used. */
export function isMapped(
  field: string,
  marketplace: {
    readonly attributes: readonly AttributeMapping[];
    readonly contact: { readonly emailFrom: readonly string[] };
  },
): boolean {
  // The category stands on every line of an event already.
  if (field === 'line.category_label') return true;
  return (
    marketplace.attributes.some(({ from }) => from === field) || marketplace.contact.emailFrom.includes(field)
  );
}
