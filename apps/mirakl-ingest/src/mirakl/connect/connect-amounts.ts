import { addMoney, money, type Money, parseMoney, toWire, type WireMoney } from '@watertight/contracts';
import { PermanentError } from '@watertight/service';
import { readText } from '../lenient-readers.ts';
import type {
  ConnectAdjustment,
  ConnectLine,
  ConnectMoney,
  ConnectOrder,
  ConnectTax,
} from './connect-schema.ts';

type Taxes = ConnectLine['taxes'];

/**
 * Money of an order of Mirakl Connect, by the same definition as for OR11: what the buyer pays the seller. Connect's
 * amounts exclude tax always; of a tax the part that the seller collects is added, the part that the channel collects
 * and remits is not.
 */
export class ConnectAmounts {
  readonly currency: string;

  /** Throws PermanentError for an order with several currencies: nothing says what its sum would be. */
  constructor(private readonly order: ConnectOrder) {
    const currencies = new Set(order.order_lines.map(({ price }) => price.currency));
    const [currency = '', ...others] = currencies;
    if (others.length > 0)
      throw new PermanentError('source.unparseable', `order_lines: ${currencies.size} currencies`);
    this.currency = currency;
  }

  orderAmount(): WireMoney {
    return toWire(
      addMoney(this.#withoutTax(), ...this.order.order_lines.map((line) => this.#lineTaxes(line))),
    );
  }

  orderAmountWithoutTax(): WireMoney {
    return toWire(this.#withoutTax());
  }

  /** The goods of a line, without shipping, with the tax that the seller collects. */
  lineAmount(line: ConnectLine): WireMoney {
    return toWire(addMoney(this.#read(line.price, 'price'), this.#collected(line.taxes, line.taxes)));
  }

  /** Null where the price of the line cannot be split evenly. */
  unitPrice(line: ConnectLine, quantity: number): WireMoney | null {
    const { minor } = this.#read(line.price, 'price');
    return quantity > 0 && minor % quantity === 0 ? toWire(money(minor / quantity, this.currency)) : null;
  }

  adjustmentAmount(adjustment: ConnectAdjustment, line: ConnectLine): WireMoney | null {
    const named = [adjustment.price, adjustment.shipping_price].flatMap((part) => part ?? []);
    if (named.length === 0) return null;
    return toWire(
      addMoney(
        money(0, this.currency),
        ...named.map((part) => this.#read(part, 'adjustments')),
        this.#collected(adjustment.taxes, line.taxes),
        this.#collected(adjustment.shipping_taxes, line.shipping_taxes),
      ),
    );
  }

  #withoutTax(): Money {
    const parts = this.order.order_lines.flatMap((line) => [
      this.#read(line.price, 'price'),
      this.#read(line.total_shipping_price, 'total_shipping_price'),
    ]);
    return addMoney(money(0, this.currency), ...parts);
  }

  #lineTaxes(line: ConnectLine): Money {
    return addMoney(
      this.#collected(line.taxes, line.taxes),
      this.#collected(line.shipping_taxes, line.shipping_taxes),
    );
  }

  /** `ofLine` tells which part of a code the channel collects: the taxes of an adjustment do not. */
  #collected(taxes: Taxes, ofLine: Taxes): Money {
    const parts = (taxes ?? []).map((tax) => {
      const split = hasSplit(tax) ? tax : (ofLine ?? []).find((other) => isSameCode(tax, other));
      return this.#collectedPart(this.#read(tax.amount, 'taxes'), split);
    });
    return addMoney(money(0, this.currency), ...parts);
  }

  #collectedPart(amount: Money, split: ConnectTax | undefined): Money {
    if (split === undefined || !hasSplit(split)) return amount;
    const whole = this.#read(split.amount, 'taxes').minor;
    const remitted = this.#read(split.channel_collectible, 'channel_collectible').minor;
    const collected =
      split.seller_collectible == null
        ? whole - remitted
        : this.#read(split.seller_collectible, 'seller_collectible').minor;
    if (whole === 0 || collected === whole) return amount;
    return money(Math.round((amount.minor * collected) / whole), this.currency);
  }

  /** Absent is nothing; another currency than the order's is an error, as is an amount that cannot be read. */
  #read(value: ConnectMoney | undefined, path: string): Money {
    if (value === undefined || value === null) return money(0, this.currency);
    const parsed = value.currency === this.currency ? parseMoney(value.amount, this.currency) : undefined;
    if (parsed !== undefined) return parsed;
    throw new PermanentError('source.unparseable', `order_lines[].${path} is no amount of ${this.currency}`);
  }
}

function hasSplit(tax: ConnectTax): boolean {
  return tax.seller_collectible != null || tax.channel_collectible != null;
}

function isSameCode(one: ConnectTax, other: ConnectTax): boolean {
  const code = readText(one.code);
  return code !== null && code === readText(other.code);
}
