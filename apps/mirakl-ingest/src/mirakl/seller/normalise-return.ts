import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { RefundContent } from '../../capture/normalised-order.ts';
import type { SourceReturn } from '../../returns/source-return.ts';
import { readList, readObject, readQuantity, readText, readTimestamp } from '../lenient-readers.ts';

const Lenient = Type.Optional(Type.Unknown());
const validator = Compile(
  Type.Object({
    id: Type.Union([Type.String({ maxLength: 300, pattern: '\\S' }), Type.Integer()]),
    order_id: Type.Union([Type.String({ maxLength: 300, pattern: '\\S' }), Type.Integer()]),
    date_created: Lenient,
    last_updated: Lenient,
    state: Lenient,
    reason_code: Lenient,
    return_lines: Lenient,
  }),
);

/** States after which nothing more happens to a return. An unknown one may still go on. */
const ENDED: readonly (string | null)[] = ['RECEIVED', 'CLOSED', 'REFUSED', 'NO_RECEPTION', 'CANCELED'];

/**
 * A return of RT11 as facts. It is about goods, not money: what is paid back is a refund, with an id of its own.
 * Strict on its id and its order's, lenient elsewhere; `readAt` stands in for a creation date that is missing.
 */
export function normaliseReturn(raw: unknown, readAt: Date): SourceReturn {
  if (!validator.Check(raw)) {
    const [first] = validator.Errors(raw);
    const detail = `return: ${first?.instancePath ?? ''} ${first?.message ?? 'does not fit'}`;
    return { kind: 'unreadable', detail, bytes: Buffer.from(JSON.stringify(raw)) };
  }
  const state = readText(raw.state, 100);
  const lines = readList(raw.return_lines).map(readObject);
  const quantities = lines
    .map((line) => readQuantity(line['quantity']))
    .filter((quantity) => quantity !== null);
  const lastUpdated = readTimestamp(raw.last_updated);
  const content: RefundContent = {
    kind: 'return',
    id: String(raw.id),
    // One return may bring back several lines; then it is about the order.
    lineId: lines.length === 1 ? readText(lines[0]?.['order_line_id'], 300) : null,
    state,
    final: ENDED.includes(state),
    amount: null,
    quantity: quantities.length === 0 ? null : quantities.reduce((sum, quantity) => sum + quantity, 0),
    reasonCode: readText(raw.reason_code, 300),
    createdAt: readTimestamp(raw.date_created) ?? lastUpdated ?? readAt.toISOString(),
    completedAt: state === 'RECEIVED' ? lastUpdated : null,
  };
  return { kind: 'readable', orderId: String(raw.order_id), content };
}
