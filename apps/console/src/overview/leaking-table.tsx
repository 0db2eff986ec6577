import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Leak } from '../api/model.ts';
import { href } from '../address/href.ts';
import { MoneyLines } from '../display/amounts.tsx';
import { BUCKET_COLORS, BUCKET_LABELS } from '../display/buckets.ts';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount } from '../display/format.ts';
import { OwnerBadge } from '../display/owners.tsx';
import { Section } from '../display/section.tsx';
import { Empty } from '../display/states.tsx';

interface LeakingTableProps {
  readonly leaks: readonly Leak[];
  readonly filters: Readonly<Record<string, string>>;
}

/** Orders that are not verified, by reason: how many, how much, whose job, what to do. */
export function LeakingTable({ leaks, filters }: LeakingTableProps) {
  return (
    <Section title="Not verified, by reason" note="Money, whose job it is, what to do">
      {leaks.length === 0 ? (
        <Empty title="Nothing">
          Every sale has been read back from Klaviyo. A reason appears here as soon as an order stops on its
          way.
        </Empty>
      ) : (
        <DataTable
          label="Orders that are not verified, by reason"
          rows={leaks}
          columns={columnsOf(filters)}
          rowId={(leak) => `${leak.bucket}|${leak.reason}`}
          minWidth={420}
        />
      )}
    </Section>
  );
}

function columnsOf(filters: Readonly<Record<string, string>>): readonly Column<Leak>[] {
  return [
    {
      id: 'reason',
      header: 'Reason, and whose job',
      cell: (leak) => (
        <>
          <Anchor
            component={Link}
            href={href('/orders', { ...filters, bucket: leak.bucket, reason: leak.reason })}
            size="sm"
            fw={500}
          >
            {leak.meaning}
          </Anchor>
          <Text size="xs" className="muted">
            <span className="swatch" style={{ '--bucket': BUCKET_COLORS[leak.bucket] }} />{' '}
            {BUCKET_LABELS[leak.bucket]} · {leak.whatToDo}
          </Text>
          <OwnerBadge owner={leak.owner} />
        </>
      ),
    },
    {
      id: 'orders',
      header: 'Orders',
      align: 'right',
      sortBy: (leak) => leak.orders,
      cell: (leak) => formatCount(leak.orders),
    },
    {
      id: 'money',
      header: 'Money',
      align: 'right',
      cell: (leak) => <MoneyLines amounts={leak} size="xs" />,
    },
  ];
}
