/** What the list of orders is narrowed by; the same names as in the API. */
export const ORDER_FILTERS = [
  'query',
  'bucket',
  'reason',
  'marketplace',
  'from',
  'to',
  'contactClass',
  'country',
  'buyer',
] as const;

export type OrderFilterName = (typeof ORDER_FILTERS)[number];
