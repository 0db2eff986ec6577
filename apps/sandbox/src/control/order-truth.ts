import { isJsonObject, listAt, memberAt, parseJson, textAt, type Json } from '../http/json.ts';
import { toMinor } from '../trade/amounts.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import { lineTotal, type StoredOrder, type TradeOrder, type TradeTax } from '../trade/trade-order.ts';

export interface OrderWorth {
  readonly currency: string;
  /** Minor units; `null` when the order's text does not say it readably. */
  readonly minor: number | null;
}

/**
 * What the buyer pays the seller: `total_price`, and under TAX_EXCLUDED also the taxes and shipping taxes that are
 * payable to the shop. Tax that the operator remits is not the seller's.
 */
export function worthOf(marketplace: Marketplace, order: StoredOrder): OrderWorth {
  return order.kind === 'raw'
    ? rawWorth(marketplace, parseJson(order.text))
    : tradedWorth(marketplace, order);
}

function tradedWorth({ profile }: Marketplace, order: TradeOrder): OrderWorth {
  const total = order.lines.reduce((sum, line) => sum + lineTotal(line), 0);
  if (profile.taxMode === 'TAX_INCLUDED') return { currency: profile.currency, minor: total };
  const owed = (taxes: readonly TradeTax[]): number =>
    taxes.reduce((sum, tax) => sum + tax.amount - tax.remitted, 0);
  const taxes = order.lines.reduce((sum, line) => sum + owed(line.taxes) + owed(line.shippingTaxes), 0);
  return { currency: profile.currency, minor: total + taxes };
}

function rawWorth({ profile }: Marketplace, order: Json): OrderWorth {
  const currency = textAt(order, 'currency_iso_code') ?? profile.currency;
  const mode = textAt(order, 'order_tax_mode') ?? profile.taxMode;
  const amounts: (Json | undefined)[] = [memberAt(order, 'total_price')];
  if (mode === 'TAX_EXCLUDED') {
    for (const line of listAt(order, 'order_lines')) {
      const taxes = [...listAt(line, 'taxes'), ...listAt(line, 'shipping_taxes')];
      amounts.push(...taxes.flatMap(payableParts));
    }
  }
  let minor = 0;
  for (const amount of amounts) {
    const part = typeof amount === 'number' ? toMinor(amount, currency) : undefined;
    if (part === undefined) return { currency, minor: null };
    minor += part;
  }
  return { currency, minor };
}

/** The parts of a tax that are the shop's; without a breakdown all of it is. */
function payableParts(tax: Json): readonly (Json | undefined)[] {
  const parts = listAt(tax, 'amount_breakdown', 'parts');
  if (parts.length === 0) return [memberAt(tax, 'amount')];
  return parts
    .filter((part) => isJsonObject(part) && part['payable_to_shop'] !== false)
    .map((part) => memberAt(part, 'amount'));
}
