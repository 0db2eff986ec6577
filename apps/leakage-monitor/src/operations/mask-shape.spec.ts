import { describe, expect, it } from '@jest/globals';
import { maskShape } from './mask-shape.ts';

describe('the shape of a dead letter', () => {
  it('names fields and kinds of values, and shows no value', () => {
    const shape = maskShape({
      orderKey: 'm:A-1',
      buyer: { email: 'ada@example.com', phones: ['+33612345678'] },
      amount: 49.9,
      quantity: 2,
      gift: true,
      nothing: null,
      'ada@example.com': 1,
    });
    expect(shape).toEqual({
      orderKey: 'text of 5',
      buyer: { email: 'text of 15', phones: ['text of 12'] },
      amount: 'number',
      quantity: 'integer',
      gift: 'true or false',
      nothing: null,
      'name of 15': 'integer',
    });
    expect(JSON.stringify(shape)).not.toMatch(/ada|3361|49/);
  });

  it('ends somewhere, however deep and wide the message is', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 1_000; level += 1) deep = { deep };
    expect(JSON.stringify(maskShape(deep)).length).toBeLessThan(200);
    expect(maskShape(Array.from({ length: 1_000 }, () => 1))).toHaveLength(20);
  });
});
