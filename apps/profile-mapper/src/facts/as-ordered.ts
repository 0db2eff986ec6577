import { MoneySchema, type OrderFact, type OrderLineFact, type WireMoney } from '@watertight/contracts';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * What the buyer ordered, before cancelations lowered it. The source sees the order and its cancelations in one answer
 * and may say so with the order; they reach us over two topics, in any order. Older facts do not have these fields.
 */
const amountOrderedCheck = Compile(Type.Object({ amountOrdered: Type.Union([MoneySchema, Type.Null()]) }));
const quantityOrderedCheck = Compile(Type.Object({ quantityOrdered: Type.Integer({ minimum: 0 }) }));

/** The order's amount before cancelations; undefined when the fact does not say it. */
export function amountOrdered(fact: OrderFact): WireMoney | undefined {
  return amountOrderedCheck.Check(fact) ? (fact.amountOrdered ?? undefined) : undefined;
}

/** The line's units before cancelations; undefined when the fact does not say it. */
export function quantityOrdered(line: OrderLineFact): number | undefined {
  return quantityOrderedCheck.Check(line) ? line.quantityOrdered : undefined;
}
