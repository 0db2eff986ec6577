import { parseJson, textAt } from '../http/json.ts';
import type { RawOrder } from '../trade/trade-order.ts';
import { parseMiraklDate } from './mirakl-dates.ts';

export interface RawOrderOptions {
  readonly nowMs: number;
  /** Found by update date as if it had changed just now, whatever the text says. */
  readonly updatedNow: boolean;
  /** Not found by update date at all. */
  readonly hidden: boolean;
  /** Number in the marketplace, to name an order whose text has no usable id. */
  readonly sequence: number;
}

/** An order from the text of a test. It is served letter by letter; only the dates, state and id are read from it. */
export function rawOrder(text: string, options: RawOrderOptions): RawOrder {
  const value = parseJson(text);
  const dateAt = (key: string): number | undefined => parseMiraklDate(textAt(value, key) ?? '');
  const createdMs = dateAt('created_date') ?? options.nowMs;
  return {
    kind: 'raw',
    text,
    orderId: textAt(value, 'order_id') ?? `raw-${options.sequence}`,
    createdMs,
    updatedMs: options.updatedNow ? options.nowMs : (dateAt('last_updated_date') ?? options.nowMs),
    state: textAt(value, 'order_state') ?? 'UNKNOWN',
    hidden: options.hidden,
  };
}
