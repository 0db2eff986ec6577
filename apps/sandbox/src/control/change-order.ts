import { Type, type Static } from 'typebox';
import { cancelLine, wholeLine } from '../trade/cancelations.ts';
import { ControlRefusal } from './control-refusal.ts';
import { toMinor } from '../trade/amounts.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import { moveTo, refuseOrder, touch } from '../trade/order-changes.ts';
import { advanceRefund, refundLine } from '../trade/refunds.ts';
import { advanceReturn, openReturn } from '../trade/returns.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { TradeLine, TradeOrder } from '../trade/trade-order.ts';

const states = [
  'STAGING',
  'WAITING_ACCEPTANCE',
  'WAITING_DEBIT',
  'WAITING_DEBIT_PAYMENT',
  'SHIPPING',
  'SHIPPED',
  'TO_COLLECT',
  'RECEIVED',
  'CLOSED',
  'REFUSED',
  'CANCELED',
] as const;

const refundStates = ['WAITING_REFUND', 'WAITING_REFUND_PAYMENT', 'REFUNDED'] as const;

const amounts = {
  lineId: Type.Optional(Type.String()),
  amount: Type.Optional(Type.Number()),
  shippingAmount: Type.Optional(Type.Number()),
  quantity: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
  reasonCode: Type.Optional(Type.String()),
};

/** Body of `POST /sandbox/mirakl/<marketplace>/orders/<id>/advance`. Amounts are decimal numbers. */
export const OrderChange = Type.Object(
  {
    to: Type.Optional(Type.Enum([...states])),
    refund: Type.Optional(
      Type.Object(
        { ...amounts, state: Type.Optional(Type.Enum([...refundStates])) },
        { additionalProperties: false },
      ),
    ),
    /** Takes a refund that is there one state further. */
    advanceRefund: Type.Optional(Type.String()),
    cancel: Type.Optional(Type.Object(amounts, { additionalProperties: false })),
    openReturn: Type.Optional(Type.Boolean()),
    advanceReturn: Type.Optional(Type.Boolean()),
    hidden: Type.Optional(Type.Boolean()),
    /** The operator takes the person out of the order. */
    anonymize: Type.Optional(Type.Boolean()),
    touch: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

export type OrderChange = Static<typeof OrderChange>;

/** Makes the order do what a test asks for. Throws `ControlRefusal` when it cannot. */
export function changeOrder(
  marketplace: Marketplace,
  orderId: string,
  change: OrderChange,
  atMs: number,
): void {
  const order = marketplace.find(orderId);
  if (!order) throw new ControlRefusal(404, `there is no order ${orderId}`);
  if (change.hidden !== undefined) order.hidden = change.hidden;
  if (change.touch) order.updatedMs = Math.floor(atMs / 1000) * 1000;
  const { to, refund, cancel } = change;
  const wantsLife =
    to ??
    refund ??
    cancel ??
    change.advanceRefund ??
    change.anonymize ??
    change.openReturn ??
    change.advanceReturn;
  if (wantsLife === undefined) return;
  if (order.kind === 'raw') throw new ControlRefusal(409, 'a raw order changes by being put there again');
  const random = new SeededRandom(marketplace.seed, 'change', orderId, atMs);
  if (change.anonymize) {
    order.anonymizedMs = atMs;
    touch(order, undefined, atMs);
  }
  if (refund) addRefund(marketplace, order, refund, { atMs, random });
  if (change.advanceRefund !== undefined) stepRefund(marketplace, order, change.advanceRefund, atMs);
  if (cancel) addCancelation(marketplace, order, cancel, atMs);
  if (change.openReturn) openReturn(order, random, atMs);
  if (change.advanceReturn) advanceReturn(order, atMs);
  if (to === 'REFUSED') refuseOrder(order, atMs);
  else if (to === 'CANCELED') cancelAll(marketplace, order, atMs);
  else if (to !== undefined) moveTo(order, to, atMs);
}

/** The nightly batch: every delivered order is closed, all of them in one second. Returns how many. */
export function closeNight(marketplace: Marketplace, atMs: number): number {
  const delivered = marketplace.orders.filter(
    (order): order is TradeOrder => order.kind === 'traded' && order.state === 'RECEIVED',
  );
  for (const order of delivered) moveTo(order, 'CLOSED', atMs, 'AUTO_CLOSED');
  return delivered.length;
}

function addRefund(
  marketplace: Marketplace,
  order: TradeOrder,
  asked: NonNullable<OrderChange['refund']>,
  moment: { readonly atMs: number; readonly random: SeededRandom },
): void {
  const lineIndex = lineIndexOf(order, asked.lineId);
  const { currency } = marketplace.profile;
  const part = {
    amount: minorOf(asked.amount ?? 0, currency),
    shippingAmount: minorOf(asked.shippingAmount ?? 0, currency),
    feeAmount: 0,
    quantity: asked.quantity ?? null,
  };
  refundLine(order, lineIndex, part, {
    id: marketplace.nextRefundId(),
    orderRefundId: moment.random.uuid(),
    atMs: moment.atMs,
    reasonCode: asked.reasonCode ?? '15',
    state: asked.state ?? 'WAITING_REFUND',
  });
}

function stepRefund(marketplace: Marketplace, order: TradeOrder, refundId: string, atMs: number): void {
  for (const line of order.lines) {
    const refund = line.refunds.find(({ id }) => id === refundId);
    if (!refund) continue;
    advanceRefund(order, line, refund, { atMs, endsSilently: marketplace.profile.refundEndsSilently });
    return;
  }
  throw new ControlRefusal(404, `there is no refund ${refundId}`);
}

/** Without an amount the whole line is cancelled. */
function addCancelation(
  marketplace: Marketplace,
  order: TradeOrder,
  asked: NonNullable<OrderChange['cancel']>,
  atMs: number,
): void {
  const lineIndex = lineIndexOf(order, asked.lineId);
  const line = lineAt(order, lineIndex);
  const { currency } = marketplace.profile;
  const part =
    asked.amount === undefined && asked.shippingAmount === undefined
      ? wholeLine(line)
      : {
          amount: minorOf(asked.amount ?? 0, currency),
          shippingAmount: minorOf(asked.shippingAmount ?? 0, currency),
          feeAmount: 0,
          quantity: asked.quantity ?? 0,
        };
  const id = marketplace.nextRefundId();
  cancelLine(order, lineIndex, part, { id, atMs, reasonCode: asked.reasonCode ?? '34' });
}

function cancelAll(marketplace: Marketplace, order: TradeOrder, atMs: number): void {
  order.lines.forEach((line, index) => {
    if (line.state === 'REFUSED' || line.state === 'CANCELED') return;
    cancelLine(order, index, wholeLine(line), { id: marketplace.nextRefundId(), atMs, reasonCode: '34' });
  });
}

function lineIndexOf(order: TradeOrder, lineId: string | undefined): number {
  const index = order.lines.findIndex(
    (_, position) => lineId === undefined || `${order.orderId}-${position + 1}` === lineId,
  );
  if (index < 0) throw new ControlRefusal(404, `there is no line ${lineId ?? ''}`);
  return index;
}

function lineAt(order: TradeOrder, lineIndex: number): TradeLine {
  const line = order.lines[lineIndex];
  if (!line) throw new ControlRefusal(404, 'there is no such line');
  return line;
}

function minorOf(amount: number, currency: string): number {
  const minor = toMinor(amount, currency);
  if (minor === undefined) throw new ControlRefusal(400, `${amount} is not an amount of ${currency}`);
  return minor;
}
