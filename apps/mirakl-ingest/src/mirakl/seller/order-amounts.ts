import { addMoney, money, type Money, parseMoney, toWire, type WireMoney } from '@watertight/contracts';
import { PermanentError } from '@watertight/service';
import { readList, readObject, readText } from '../lenient-readers.ts';
import { linesOf } from './order-lines.ts';
import type {
  SellerCancelation,
  SellerOrder,
  SellerOrderLine,
  SellerRefund,
  SellerTax,
} from './order-schema.ts';

export type TaxMode = 'TAX_INCLUDED' | 'TAX_EXCLUDED';

/**
 * Money of an order by one definition: what the buyer pays the seller. That is Mirakl's amount, plus, where amounts
 * exclude tax, the taxes and shipping taxes that are payable to the shop. Tax that the operator remits to the
 * state never counts: the seller does not see it.
 */
export class OrderAmounts {
  constructor(
    private readonly currency: string,
    private readonly taxMode: TaxMode,
  ) {}

  orderAmount(order: SellerOrder): WireMoney {
    const total = this.#required(order.total_price, 'total_price');
    if (this.taxMode === 'TAX_INCLUDED') return toWire(total);
    return toWire(
      addMoney(
        total,
        this.#orderLevelTaxes(order),
        ...linesOf(order).map((line, index) => this.#payableTaxes(line, linePath(index))),
      ),
    );
  }

  orderAmountWithoutTax(order: SellerOrder): WireMoney {
    const total = this.#required(order.total_price, 'total_price');
    if (this.taxMode === 'TAX_EXCLUDED') return toWire(total);
    const taxes = [
      this.#orderLevelTaxes(order),
      ...linesOf(order).map((line, index) => this.#allTaxes(line, linePath(index))),
    ];
    return toWire(addMoney(total, ...taxes.map((tax) => money(-tax.minor, this.currency))));
  }

  /** The goods of a line, without shipping: quantity times unit price, with the tax that is payable to the shop. */
  lineAmount(line: SellerOrderLine, path: string): WireMoney | null {
    const price = parseMoney(line.price, this.currency);
    if (price === undefined) return null;
    if (this.taxMode === 'TAX_INCLUDED') return toWire(price);
    return toWire(addMoney(price, this.#payable(line.taxes, `${path}.taxes`)));
  }

  unitPrice(line: SellerOrderLine): WireMoney | null {
    const price = parseMoney(line.price_unit, this.currency);
    return price === undefined ? null : toWire(price);
  }

  /** Goods, shipping and fees. Null when the entry names no amount at all. */
  changeAmount(change: SellerRefund | SellerCancelation, path: string): WireMoney | null {
    const goods = this.#optional(change.amount, `${path}.amount`);
    const shipping = this.#optional(change.shipping_amount, `${path}.shipping_amount`);
    const fees = readList(change.fees).map((fee, index) =>
      this.#optional(readObject(fee)['amount'], `${path}.fees[${index}].amount`),
    );
    const named = [goods, shipping, ...fees].filter((part) => part !== undefined);
    if (named.length === 0) return null;
    const sum = addMoney(money(0, this.currency), ...named);
    return toWire(this.taxMode === 'TAX_INCLUDED' ? sum : addMoney(sum, this.#payableTaxes(change, path)));
  }

  /**
   * What Mirakl paid back in taxes with a group of refunds, where it calculates taxes per order: the refunds of the
   * lines then carry none. Null where amounts include tax, or where nothing is listed.
   */
  orderLevelRefundTax(order: SellerOrder, orderRefundId: string): WireMoney | null {
    if (this.taxMode === 'TAX_INCLUDED') return null;
    const groups = (Array.isArray(order.order_refunds) ? order.order_refunds : []).filter(
      (group) => readText(group.order_refund_id) === orderRefundId,
    );
    const amounts = groups.flatMap((group) => this.#totals(group.taxes, 'order_refunds[].taxes'));
    return amounts.length === 0 ? null : toWire(addMoney(money(0, this.currency), ...amounts));
  }

  /**
   * Taxes that stand at the order and not at its lines. They are listed per code and rate, over all lines; where the
   * lines list theirs, those count, because they also say which part the operator remits.
   */
  #orderLevelTaxes(order: SellerOrder): Money {
    const isListed = ({ taxes, shipping_taxes }: Taxed) =>
      readList(taxes).length > 0 || readList(shipping_taxes).length > 0;
    const totals = linesOf(order).some(isListed) ? [] : this.#totals(order.order_taxes, 'order_taxes');
    return addMoney(money(0, this.currency), ...totals);
  }

  #totals(taxes: SellerOrder['order_taxes'], path: string): readonly Money[] {
    return (Array.isArray(taxes) ? taxes : []).flatMap(
      (tax, index) => this.#optional(tax.total_amount, `${path}[${index}].total_amount`) ?? [],
    );
  }

  #payableTaxes(taxed: Taxed, path: string): Money {
    return addMoney(
      this.#payable(taxed.taxes, `${path}.taxes`),
      this.#payable(taxed.shipping_taxes, `${path}.shipping_taxes`),
    );
  }

  #payable(taxes: Taxes, path: string): Money {
    return this.#sum(taxes, path, (tax, at) => {
      const amount = this.#optional(tax.amount, `${at}.amount`) ?? money(0, this.currency);
      const parts = readList(readObject(tax.amount_breakdown)['parts']).map(readObject);
      const remitted = parts
        .filter((part) => part['payable_to_shop'] === false)
        .map((part, index) => this.#optional(part['amount'], `${at}.amount_breakdown.parts[${index}].amount`))
        .filter((part) => part !== undefined);
      return addMoney(amount, ...remitted.map((part) => money(-part.minor, this.currency)));
    });
  }

  #allTaxes(taxed: Taxed, path: string): Money {
    const amountOf = (tax: SellerTax, at: string) =>
      this.#optional(tax.amount, `${at}.amount`) ?? money(0, this.currency);
    return addMoney(
      this.#sum(taxed.taxes, `${path}.taxes`, amountOf),
      this.#sum(taxed.shipping_taxes, `${path}.shipping_taxes`, amountOf),
    );
  }

  #sum(taxes: Taxes, path: string, amountOf: (tax: SellerTax, path: string) => Money): Money {
    const amounts = (Array.isArray(taxes) ? taxes : []).map((tax, index) =>
      amountOf(tax, `${path}[${index}]`),
    );
    return addMoney(money(0, this.currency), ...amounts);
  }

  #required(value: unknown, path: string): Money {
    const parsed = parseMoney(value, this.currency);
    if (parsed === undefined) throw notAnAmount(path, value);
    return parsed;
  }

  /** Null and absent are no amount; what is there and cannot be read must not be taken for nothing. */
  #optional(value: unknown, path: string): Money | undefined {
    if (value === undefined || value === null || value === '') return undefined;
    return this.#required(value, path);
  }
}

type Taxes = SellerOrderLine['taxes'];
interface Taxed {
  readonly taxes?: Taxes;
  readonly shipping_taxes?: Taxes;
}

function linePath(index: number): string {
  return `order_lines[${index}]`;
}

function notAnAmount(path: string, value: unknown): PermanentError {
  return new PermanentError('source.unparseable', `${path} is a ${typeof value} that is not an amount`);
}
