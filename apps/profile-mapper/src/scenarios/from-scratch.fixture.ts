import {
  convertMoney,
  fromWire,
  type OrderFact,
  type RefundFact,
  toWire,
  money,
} from '@watertight/contracts';
import * as fc from 'fast-check';
import { at, cancelation, eur, line, order, refund, returned } from './facts.fixture.ts';

/** The life of an order as Mirakl tells it: every fact, in the order in which it was observed. */
export interface Life {
  readonly email: string;
  readonly facts: readonly (OrderFact | RefundFact)[];
}

const RATE = '0.5';
const amountOf = (minor: number, currency: string) => toWire(money(minor, currency));
const clock = (minute: number) =>
  at(`${String(10 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);

interface LifePlan {
  readonly buyer: number;
  readonly currency: 'EUR' | 'USD';
  readonly minor: number;
  readonly minute: number;
  readonly states: readonly string[];
  readonly refunds: readonly number[];
  readonly cancelled: number;
  readonly return: boolean;
}

const plan: fc.Arbitrary<LifePlan> = fc.record({
  buyer: fc.nat({ max: 2 }),
  currency: fc.constantFrom('EUR', 'USD'),
  minor: fc.integer({ min: 1_000, max: 90_000 }),
  minute: fc.nat({ max: 59 }),
  states: fc.constantFrom<readonly string[]>(
    ['SHIPPING', 'SHIPPED', 'RECEIVED', 'CLOSED'],
    ['WAITING_ACCEPTANCE', 'WAITING_DEBIT', 'SHIPPING'],
    ['RECEIVED'],
    ['WAITING_ACCEPTANCE', 'REFUSED'],
    ['SHIPPING', 'CANCELED'],
    ['WAITING_ACCEPTANCE', 'CANCELED'],
    ['STAGING'],
  ),
  refunds: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 3 }),
  cancelled: fc.nat({ max: 900 }),
  return: fc.boolean(),
});

function lifeOf({ buyer, currency, minor, minute, states, ...rest }: LifePlan, index: number): Life {
  const orderId = `O-${index}`;
  const email = `buyer${buyer}@example.com`;
  const sold = states.some((state) => ['SHIPPING', 'RECEIVED'].includes(state));
  // A cancelation is in the last answer: from then on Mirakl's amount is lower by it.
  const cancelled = sold ? rest.cancelled : 0;
  const facts = states.map((state, step): OrderFact => {
    const last = step === states.length - 1;
    return order({
      orderId,
      email,
      state,
      currency,
      revision: step + 1,
      acceptedAt: null,
      createdAt: clock(minute),
      updatedAt: clock(minute + 60 + step),
      observedAt: clock(minute + 60 + step),
      amount: amountOf(last ? minor - cancelled : minor, currency),
      lines: [line({ sku: `SKU-${index % 4}`, title: `Title ${index % 4}`, unitPrice: null, amount: null })],
    });
  });
  const end = { orderId, observedAt: clock(minute + 60 + states.length - 1), createdAt: clock(minute + 50) };
  const changes: RefundFact[] = [];
  if (sold && cancelled > 0)
    changes.push(cancelation('c', { ...end, amount: amountOf(cancelled, currency) }));
  if (sold && rest.return) changes.push(returned('t', end));
  for (const [number, refunded] of (sold ? rest.refunds : []).entries()) {
    const paid = { ...end, createdAt: clock(minute + 40 + number), amount: amountOf(refunded, currency) };
    changes.push(refund(`r${number}`, { ...paid, state: 'WAITING_REFUND', final: false }));
    changes.push(refund(`r${number}`, { ...paid, revision: 2 }));
  }
  return { email, facts: [...facts, ...changes] };
}

export const lives: fc.Arbitrary<readonly Life[]> = fc
  .array(plan, { minLength: 1, maxLength: 8 })
  .map((plans) => plans.map(lifeOf));

/** What a buyer's profile must come to, counted anew from the whole life of every order, by a way of its own. */
export function expectedOf(all: readonly Life[]) {
  const sales = all.flatMap(({ facts }) => saleOf(facts));
  if (sales.length === 0) return undefined;
  const sum = (part: (sale: (typeof sales)[number]) => number) =>
    sales.reduce((total, sale) => total + part(sale), 0);
  const newest = [...sales].sort((one, other) => other.at - one.at || (one.key < other.key ? 1 : -1))[0];
  const gross = sum((sale) => sale.gross);
  const refunded = sum((sale) => sale.refunded);
  return {
    orders: sales.length,
    gross: eur((gross / 100).toFixed(2)),
    refunded: eur((refunded / 100).toFixed(2)),
    net: eur(((gross - refunded - sum((sale) => sale.cancelled)) / 100).toFixed(2)),
    firstOrderAt: new Date(Math.min(...sales.map((sale) => sale.at))).toISOString(),
    lastOrderAt: new Date(newest?.at ?? 0).toISOString(),
    reviewRequestAllowed: newest?.untouched ?? false,
    skus: [...new Set(sales.flatMap(({ skus }) => skus))].sort(),
  };
}

function saleOf(facts: readonly (OrderFact | RefundFact)[]) {
  const orders = facts.filter((fact) => 'contentHash' in fact);
  const changes = facts.filter((fact) => 'factId' in fact);
  const last = orders.at(-1);
  const first = orders[0];
  if (last === undefined || first === undefined) return [];
  const seen = orders.map(({ state }) => state);
  const accepted = seen.some(
    (state) => !['STAGING', 'WAITING_ACCEPTANCE', 'REFUSED', 'CANCELED'].includes(state),
  );
  if (!accepted) return [];
  const euros = (fact: OrderFact | RefundFact) => {
    const { minor, currency } = fromWire(fact.amount ?? eur('0'));
    return currency === 'EUR' ? minor : convertMoney(money(minor, currency), RATE, 'EUR').minor;
  };
  const gone = last.state === 'CANCELED';
  // What was ordered: the first answer's amount, unless the first is the last and already lower by the cancelation.
  const worth = orders.length > 1 ? first : { ...last, amount: wholeAmount(last, changes) };
  const paid = changes.filter((fact) => fact.kind === 'refund' && fact.final);
  const cancelled = changes.filter((fact) => fact.kind === 'cancelation');
  const untouched = changes.length === 0;
  return [
    {
      key: last.orderKey,
      at: Date.parse(last.createdAt),
      gross: euros(worth),
      refunded: paid.reduce((sum, fact) => sum + euros(fact), 0),
      cancelled: gone ? euros(worth) : cancelled.reduce((sum, fact) => sum + euros(fact), 0),
      untouched:
        untouched && !gone && seen.some((state) => ['SHIPPED', 'RECEIVED', 'CLOSED'].includes(state)),
      skus: gone ? [] : last.lines.map(({ sku }) => sku ?? ''),
    },
  ];
}

function wholeAmount(last: OrderFact, changes: readonly RefundFact[]) {
  const cancelled = changes.filter(({ kind }) => kind === 'cancelation');
  const minor = [last, ...cancelled].reduce((sum, { amount }) => sum + fromWire(amount ?? eur('0')).minor, 0);
  return amountOf(minor, last.currency);
}
