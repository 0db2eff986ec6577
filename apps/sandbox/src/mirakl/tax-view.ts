import { toAmountNumber } from '../trade/amounts.ts';
import type { TaxMode } from '../trade/marketplace-profile.ts';
import { taxSum, type TradeTax } from '../trade/trade-order.ts';
import type { Json } from '../http/json.ts';

/** How amounts are shown: the marketplace's own mode, and the one that was asked for. */
export interface TaxView {
  readonly currency: string;
  readonly native: TaxMode;
  readonly shown: TaxMode;
}

/** An amount in the mode that was asked for: Mirakl adds or takes off all taxes, whoever they are owed to. */
export function shownAmount(view: TaxView, amount: number, taxes: readonly TradeTax[]): number {
  if (view.native === view.shown) return amount;
  return view.shown === 'TAX_INCLUDED' ? amount + taxSum(taxes) : amount - taxSum(taxes);
}

export function amountNumber(view: TaxView, minor: number): number {
  return toAmountNumber(minor, view.currency);
}

/** `taxes[]` of a line, refund or cancelation, with the parts that say whose money it is. */
export function renderTaxes(view: TaxView, taxes: readonly TradeTax[], inRefund = false): Json {
  return taxes.map((tax) => ({
    amount: amountNumber(view, tax.amount),
    amount_breakdown: { parts: taxParts(view, tax) },
    code: tax.code,
    purchase_tax: null,
    rate: tax.rate,
    tax_calculation_rule: inRefund ? undefined : 'PROPORTIONAL_TO_AMOUNT',
  }));
}

function taxParts(view: TaxView, tax: TradeTax): Json {
  const owed = [
    { amount: tax.amount - tax.remitted, payable: true },
    { amount: tax.remitted, payable: false },
  ];
  const shown = owed.filter((part) => part.amount !== 0);
  return (shown.length > 0 ? shown : owed.slice(0, 1)).map((part) => ({
    amount: amountNumber(view, part.amount),
    commissionable: part.payable,
    debitable_from_customer: true,
    payable_to_shop: part.payable,
  }));
}

/** `price_amount_breakdown` and its kin for an amount that is all the shop's. */
export function renderBreakdown(view: TaxView, minor: number): Json {
  const amount = amountNumber(view, minor);
  return { parts: [{ amount, commissionable: true, debitable_from_customer: true, payable_to_shop: true }] };
}
