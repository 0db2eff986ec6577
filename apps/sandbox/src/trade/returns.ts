import { activeLines } from './order-changes.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { ReturnState, TradeOrder } from './trade-order.ts';

const nextState: Readonly<Partial<Record<ReturnState, ReturnState>>> = {
  WAITING_ACCEPTANCE: 'IN_PROGRESS',
  IN_PROGRESS: 'RECEIVED',
  RECEIVED: 'CLOSED',
};

/** The buyer announces a return of one piece. A return is not a refund and does not move the order's dates. */
export function openReturn(order: TradeOrder, random: SeededRandom, atMs: number): void {
  const line = activeLines(order)[0];
  if (!line) return;
  const createdMs = Math.floor(atMs / 1000) * 1000;
  order.returns = [
    ...order.returns,
    {
      id: random.uuid(),
      lineIndex: order.lines.indexOf(line),
      quantity: 1,
      reasonCode: random.pick(['RETURN_CHANGED_MIND', 'RETURN_DAMAGED_ITEM', 'RETURN_WRONG_ITEM']),
      createdMs,
      updatedMs: createdMs,
      state: 'WAITING_ACCEPTANCE',
    },
  ];
}

/** Takes the oldest return that is still on its way one state further. */
export function advanceReturn(order: TradeOrder, atMs: number): void {
  const open = order.returns.find((candidate) => nextState[candidate.state] !== undefined);
  const state = open && nextState[open.state];
  if (!open || !state) return;
  open.state = state;
  open.updatedMs = Math.floor(atMs / 1000) * 1000;
}
