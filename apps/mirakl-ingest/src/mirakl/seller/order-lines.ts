import { readQuantity, readText } from '../lenient-readers.ts';
import type { SellerOrder, SellerOrderLine } from './order-schema.ts';

/** Mirakl's order lines by their index, so that another order in the answer is not another content. */
export function linesOf(order: SellerOrder): readonly SellerOrderLine[] {
  const lines = Array.isArray(order.order_lines) ? order.order_lines : [];
  const indexOf = (line: SellerOrderLine) => readQuantity(line.order_line_index) ?? 0;
  return [...lines].sort((one, other) => indexOf(one) - indexOf(other));
}

/** Without an id of its own a line is named by its place. */
export function lineIdOf(line: SellerOrderLine, index: number): string {
  return readText(line.order_line_id, 300) ?? `#${index + 1}`;
}
