import { describe, expect, it } from '@jest/globals';
import { advance } from './published-up-to.ts';

describe('advance', () => {
  it('keeps the offset after the last order per partition, and never goes back', () => {
    const positions = [
      { topic: 'orders', partition: 0, offset: 4n },
      { topic: 'orders', partition: 0, offset: 5n },
      { topic: 'orders', partition: 1, offset: 0n },
      { topic: 'refunds', partition: 2, offset: 9n },
    ];
    expect(advance({ 0: '3', 3: '7' }, positions, 'orders')).toEqual({ 0: '6', 1: '1', 3: '7' });
    expect(advance({ 0: '100' }, positions, 'orders')).toEqual({ 0: '100', 1: '1' });
    expect(advance({}, [], 'orders')).toEqual({});
  });
});
