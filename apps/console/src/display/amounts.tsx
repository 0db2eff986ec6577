import { Text } from '@mantine/core';
import { formatMoney } from './format.ts';

export interface Amounts {
  readonly orders: number;
  /** Per currency a decimal string. */
  readonly money: Readonly<Record<string, string>>;
  /** Orders whose amount is not known. */
  readonly unknownMoney?: number;
}

interface MoneyLinesProps {
  readonly amounts: Pick<Amounts, 'money' | 'unknownMoney'>;
  readonly size?: 'xs' | 'sm' | 'md' | 'lg';
  readonly strong?: boolean;
}

/** The money of a set of orders, a line per currency; says when some amounts are not known. */
export function MoneyLines({ amounts, size = 'sm', strong = false }: MoneyLinesProps) {
  const lines = Object.entries(amounts.money);
  const unknown = amounts.unknownMoney ?? 0;
  return (
    <>
      {lines.map(([currency, amount]) => (
        <Text
          key={currency}
          size={size}
          fw={strong ? 650 : undefined}
          className={strong ? 'figures' : 'figures muted'}
        >
          {formatMoney(amount, currency)}
        </Text>
      ))}
      {unknown > 0 && (
        <Text size={size} className="muted">
          {unknown} of unknown amount
        </Text>
      )}
    </>
  );
}

/** One amount, or a dash with the reason for it. */
export function Money({
  of,
}: {
  of: { readonly amount: string; readonly currency: string } | null | undefined;
}) {
  if (of === null || of === undefined) return <span className="muted">unknown</span>;
  return <span className="figures">{formatMoney(of.amount, of.currency)}</span>;
}
