import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ArrayElementScanner } from './array-element-scanner.ts';

function elementsOf(pieces: readonly string[]): { elements: string[]; isComplete: boolean } {
  const scanner = new ArrayElementScanner('orders');
  const elements = pieces.flatMap((piece) => scanner.feed(piece));
  return { elements, isComplete: scanner.isComplete };
}

describe('ArrayElementScanner', () => {
  it('hands out the exact text of each element, not what a parser would write', () => {
    const text = '{ "total_count": 2, "orders" : [ {"a": 1.10,\n "b":"}]" } , {"a":1e2} ] }';
    expect(elementsOf([text])).toEqual({
      elements: ['{"a": 1.10,\n "b":"}]" }', '{"a":1e2}'],
      isComplete: true,
    });
  });

  it('takes elements that are no objects', () => {
    const text = '{"orders":[null, 12.50 ,"a,]\\"}",[1,[2]],true]}';
    expect(elementsOf([text]).elements).toEqual(['null', '12.50', '"a,]\\"}"', '[1,[2]]', 'true']);
  });

  it('looks at the member of the outermost object only', () => {
    const text = '{"other":{"orders":[1]},"list":["orders",2],"x":"orders","orders":[3],"tail":[4]}';
    expect(elementsOf([text]).elements).toEqual(['3']);
  });

  it('knows a document that breaks off from one that is complete', () => {
    expect(elementsOf(['{"orders":[{"a":1},{"a"']).isComplete).toBe(false);
    expect(elementsOf(['{"orders":[{"a":1}]']).isComplete).toBe(false);
    expect(elementsOf(['{"orders":[]}'])).toEqual({ elements: [], isComplete: true });
  });

  it('finds the same elements however the document is cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 3 })),
        fc.dictionary(
          fc.string().filter((name) => name !== 'orders' && name !== '__proto__'),
          fc.jsonValue({ maxDepth: 2 }),
        ),
        fc.boolean(),
        fc.array(fc.nat()),
        (orders, others, pretty, cuts) => {
          const text = JSON.stringify({ ...others, orders }, null, pretty ? 2 : undefined);
          const places = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].sort(
            (a, b) => a - b,
          );
          const pieces = places.slice(1).map((place, index) => text.slice(places[index], place));
          const { elements, isComplete } = elementsOf(pieces);
          expect(isComplete).toBe(true);
          expect(elements.map((element) => JSON.parse(element) as unknown)).toEqual(
            JSON.parse(JSON.stringify(orders)),
          );
        },
      ),
    );
  });
});
