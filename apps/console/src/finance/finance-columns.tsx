import { Anchor, List, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { FinanceRow } from '../api/model.ts';
import { BUCKET_LABELS } from '../display/buckets.ts';
import type { Column } from '../display/data-table.tsx';
import { formatCount, formatMoney } from '../display/format.ts';
import { useDefinitions } from '../display/use-definitions.ts';

const FIGURES = ['sales', 'cancelations', 'refunds', 'net', 'withoutTax', 'delivered', 'difference'] as const;
const HEADS: Readonly<Record<(typeof FIGURES)[number], string>> = {
  sales: 'Sales',
  cancelations: 'Cancelations',
  refunds: 'Refunds',
  net: 'Net',
  withoutTax: 'Without tax',
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
            <Anchor component="button" type="button" size="sm" fw={500} onClick={() => onDrill(row)}>
              {row.name}, {row.month}
            </Anchor>
            <Text size="xs" className="muted">
              {formatCount(row.orders)} orders · {row.timezone}
              {row.unknownMoney > 0 ? ` · ${formatCount(row.unknownMoney)} of unknown amount` : ''}
            </Text>
          </>
        ),
      },
      ...FIGURES.map(
        (name): Column<FinanceRow> => ({
          id: name,
          header: HEADS[name],
          definition: define(name),
          align: 'right',
          sortBy: (row) => Number(row[name]),
          cell: (row) => formatMoney(row[name], row.currency),
        }),
      ),
      { id: 'why', header: 'Not delivered, because', cell: (row) => <NotDelivered row={row} /> },
      { id: 'check', header: 'Transaction log', cell: (row) => <TransactionCheck row={row} /> },
    ],
    [define, onDrill],
  );
}

function NotDelivered({ row }: { row: FinanceRow }) {
  return (
    <List size="xs" listStyleType="none">
      {row.notDelivered.map(({ bucket, reason, meaning, orders, net }) => (
        <List.Item key={`${bucket}|${reason}`} className="figures">
          {meaning ?? BUCKET_LABELS[bucket]}: {formatCount(orders)} · {formatMoney(net, row.currency)}
        </List.Item>
      ))}
    </List>
  );
}

function TransactionCheck({ row }: { row: FinanceRow }) {
  const { allowed, matched, missing, different } = row.transactions;
  if (!allowed) return <span className="muted">not readable</span>;
  const isClean = missing === 0 && different === 0;
  return (
    <Text size="sm" className="figures">
      {formatCount(matched)} match{isClean ? ' ✓' : `, ${formatCount(missing)} missing, ${formatCount(different)} differ`}
    </Text>
  );
}
