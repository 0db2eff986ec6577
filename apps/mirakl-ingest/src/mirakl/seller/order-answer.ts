import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { ArrayElementScanner } from '../array-element-scanner.ts';
import { MiraklError } from '../mirakl-errors.ts';
import { parseJson } from '../parse-json.ts';

const validator = Compile(
  Type.Object({ orders: Type.Array(Type.Unknown()), total_count: Type.Optional(Type.Unknown()) }),
);

/** The body of an OR11 answer. */
export interface OrderAnswer {
  readonly orders: readonly unknown[];
  /** Mirakl's number of all orders that match, on whatever page; null where it does not say. */
  readonly totalCount: number | null;
  /** The exact bytes of one order. */
  bytesOf(index: number): Buffer;
}

/**
 * Reads the body of an answer. Anything but a list of orders (an HTML page, half a JSON, an error document) throws
 * MiraklError: taking it for an empty page would let the watermark move past orders that nobody saw.
 */
export function readOrderAnswer(marketplaceId: string, body: string): OrderAnswer {
  const parsed = parseJson(body);
  if (!validator.Check(parsed)) {
    const what = parsed === undefined ? 'is not JSON' : 'holds no list of orders';
    throw new MiraklError(
      'unreadable_answer',
      `${marketplaceId}: the answer of Mirakl ${what}; check baseUrl if it lasts`,
    );
  }
  const { total_count: totalCount } = parsed;
  return {
    orders: parsed.orders,
    totalCount: typeof totalCount === 'number' && Number.isSafeInteger(totalCount) ? totalCount : null,
    bytesOf: (index) => bytesOf(body, index),
  };
}

function bytesOf(body: string, index: number): Buffer {
  const text = new ArrayElementScanner('orders').feed(body)[index];
  if (text === undefined) throw new Error(`the answer has no order ${index}`);
  return Buffer.from(text);
}
