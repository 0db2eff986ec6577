import type { OrderFact } from '@watertight/contracts';

export const RECENT_FACTS_MAX = 50;

/**
 * A fact as the preview of a mapping needs it: nothing of the buyer, and no text that looks like a way to reach
 * somebody. Free fields of operators may hold such texts; their form is kept, so that a preview still shows their kind.
 * Pure.
 */
export function withoutBuyer(fact: OrderFact): OrderFact {
  return {
    ...fact,
    buyer: {
      contacts: [],
      firstName: null,
      lastName: null,
      locale: fact.buyer.locale,
      countryCode: fact.buyer.countryCode,
      country: fact.buyer.country,
      region: null,
      city: null,
      postalCode: null,
      phone: null,
    },
    additionalFields: fact.additionalFields.map(withoutAddress),
    lines: fact.lines.map((line) => ({
      ...line,
      additionalFields: line.additionalFields.map(withoutAddress),
    })),
  };
}

/** The newest of each marketplace, and of one order its highest revision. Pure. */
export function newestFacts(facts: readonly OrderFact[], count: number): OrderFact[] {
  const byOrder = new Map<string, OrderFact>();
  for (const fact of facts) {
    const known = byOrder.get(fact.orderKey);
    if (known === undefined || known.revision < fact.revision) byOrder.set(fact.orderKey, fact);
  }
  const groups = Map.groupBy(byOrder.values(), ({ marketplaceId }) => marketplaceId);
  return [...groups.values()].flatMap((group) =>
    group.sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt)).slice(0, count),
  );
}

type AdditionalField = OrderFact['additionalFields'][number];

function withoutAddress(field: AdditionalField): AdditionalField {
  const { value } = field;
  if (value === null) return field;
  return { ...field, value: Array.isArray(value) ? value.map(masked) : masked(value) };
}

/** An at sign, or as many digits as a telephone number has. Dates and amounts stay as they are. */
function masked(text: string): string {
  const digits = text.replace(/\D/g, '').length;
  const reaches = text.includes('@') || (digits >= 7 && !DATE.test(text) && !AMOUNT.test(text));
  return reaches ? text.replace(/\p{L}/gu, 'x').replace(/\d/g, '9') : text;
}

const DATE = /^\d{4}-\d{2}-\d{2}([T ][\d:.]+Z?)?$/;
const AMOUNT = /^-?\d{1,7}([.,]\d+)?$/;
