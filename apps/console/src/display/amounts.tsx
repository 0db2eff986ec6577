import { Text } from '@mantine/core';
import type { Amounts } from '../api/balance.ts';
import { formatMoney } from './format.ts';

/** The money of a set of orders, a line per currency; says when some amounts are not known. */
export function MoneyLines({ amounts, size = 'sm' }: { amounts: Amounts; size?: 'xs' | 'sm' | 'md' }) {
  const lines = Object.entries(amounts.money);
  return (
    <>
      {lines.map(([currency, amount]) => (
        <Text key={currency} size={size} c="dimmed" className="figures">
          {formatMoney(amount, currency)}
        </Text>
      ))}
      {amounts.unknownMoney > 0 && (
        <Text size={size} c="dimmed">
          {amounts.unknownMoney} of unknown amount
        </Text>
      )}
    </>
  );
}
