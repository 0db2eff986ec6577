import { Anchor, List, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { FinanceRow } from '../api/model.ts';
import { BUCKET_LABELS } from '../display/buckets.ts';
import type { Column } from '../display/data-table.tsx';
import { formatCount, formatMoney } from '../display/format.ts';
import { useDefinitions } from '../display/use-definitions.ts';

const FIGURES = ['sales', 'cancelations', 'refunds', 'net', 'delivered', 'difference'] as const;
const HEADS: Readonly<Record<(typeof FIGURES)[number], string>> = {
  sales: 'Sales',
  cancelations: 'Cancelations',
  refunds: 'Refunds',
  net: 'Net',
  delivered: 'Delivered',
  difference: 'Difference',
};

/** The figures of a month, each defined by the monitor's own sentence. */
export function useFinanceColumns(onDrill: (row: FinanceRow) => void): readonly Column<FinanceRow>[] {
  const define = useDefinitions();
  return useMemo(
    () => [
      {
        id: 'month',
        header: 'Month',
        sortBy: ({ month }) => month,
        cell: (row) => (
          <>
            <Anchor
              component="button"
              type="button"
              size="sm"
              fw={500}
              ta="left"
              className="nowrap"
              onClick={() => onDrill(row)}
            >
              {row.name}, {row.month}
            </Anchor>
            <Text size="xs" className="muted">
              {formatCount(row.orders)} orders
              {row.unknownMoney > 0 ? ` · ${formatCount(row.unknownMoney)} of unknown amount` : ''}
            </Text>
          </>
        ),
      },
      ...FIGURES.map((name): Column<FinanceRow> => ({
        id: name,
        header: HEADS[name],
        definition: define(name),
        align: 'right',
        sortBy: (row) => Number(row[name]),
        cell: (row) => (
          <>
            {formatMoney(row[name], row.currency)}
            {name === 'refunds' && <TransactionCheck row={row} />}
            {name === 'net' && (
              <Text size="xs" className="muted figures" title={define('withoutTax')}>
                sales without tax {formatMoney(row.withoutTax, row.currency)}
              </Text>
            )}
          </>
        ),
      })),
      { id: 'why', header: 'Not delivered, because', cell: (row) => <NotDelivered row={row} /> },
    ],
    [define, onDrill],
  );
}

/** Explains the difference to the cent, opened by whoever wants to know. */
function NotDelivered({ row }: { row: FinanceRow }) {
  const { notDelivered, currency } = row;
  if (notDelivered.length === 0) return <span className="muted">all delivered</span>;
  const orders = notDelivered.reduce((sum, one) => sum + one.orders, 0);
  return (
    <details>
      <summary className="figures">
        {formatCount(orders)} orders,{' '}
        {notDelivered.length === 1 ? '1 reason' : `${notDelivered.length} reasons`}
      </summary>
      <List size="xs" listStyleType="none" mt={4} spacing={2}>
        {notDelivered.map(({ bucket, reason, meaning, orders: count, net }) => (
          <List.Item key={`${bucket}|${reason}`} className="figures">
            {meaning ?? BUCKET_LABELS[bucket]}: {formatCount(count)} · {formatMoney(net, currency)}
          </List.Item>
        ))}
      </List>
    </details>
  );
}

/** Refunds beside Mirakl's own transaction log (TL02). */
function TransactionCheck({ row }: { row: FinanceRow }) {
  const { allowed, matched, missing, different } = row.transactions;
  const isClean = missing === 0 && different === 0;
  const words = isClean
    ? `${formatCount(matched)} in the log ✓`
    : `${formatCount(matched)} in the log, ${formatCount(missing)} missing, ${formatCount(different)} differ`;
  return (
    <Text size="xs" className="muted figures">
      {allowed ? words : 'log not readable'}
    </Text>
  );
}
