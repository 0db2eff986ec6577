import { describe, expect, it } from '@jest/globals';
import { readOrderAnswer } from './order-answer.ts';

describe('readOrderAnswer', () => {
  it('gives the orders, their count and the exact bytes of each', () => {
    const answer = readOrderAnswer(
      'maison-fr',
      '{"orders":[{"total_price": 1.10},{"b":"ü"}],"total_count":27}',
    );
    expect(answer.orders).toEqual([{ total_price: 1.1 }, { b: 'ü' }]);
    expect(answer.totalCount).toBe(27);
    expect(answer.bytesOf(0).toString()).toBe('{"total_price": 1.10}');
    expect(answer.bytesOf(1).toString()).toBe('{"b":"ü"}');
  });

  it('takes an empty list for an empty page', () => {
    expect(readOrderAnswer('maison-fr', '{"orders":[],"total_count":0}').orders).toEqual([]);
  });

  it.each([
    ['an HTML page', '<html><body>Maintenance</body></html>'],
    ['half a JSON', '{"orders":[{"order_id":"secret-name"'],
    ['an error document', '{"status":500,"message":"secret-name"}'],
    ['orders that are no list', '{"orders":{"secret-name":1}}'],
    ['a list without its object', '[{"order_id":"secret-name"}]'],
    ['nothing', ''],
  ])('never takes %s for an empty page', (_case, body) => {
    const read = () => readOrderAnswer('maison-fr', body);
    expect(read).toThrow(expect.objectContaining({ kind: 'unreadable_answer' }));
    expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret-name') }));
  });

  it('reads a missing or odd count as unknown', () => {
    expect(readOrderAnswer('m', '{"orders":[]}').totalCount).toBeNull();
    expect(readOrderAnswer('m', '{"orders":[],"total_count":"27"}').totalCount).toBeNull();
  });
});
