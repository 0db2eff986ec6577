import { describe, expect, it } from '@jest/globals';
import { ourMetrics } from './metric-ids.ts';

describe('our metrics', () => {
  it('are those of the API, not those of the same name that a shop system sends', () => {
    const metrics = [
      { id: 's', name: 'Placed Order', integration: 'Shopify' },
      { id: 'a', name: 'Placed Order', integration: 'API' },
      { id: 'w', name: 'Refunded Order', integration: 'WooCommerce' },
    ];
    expect(ourMetrics(metrics)).toEqual(new Map([['Placed Order', 'a']]));
  });
});
