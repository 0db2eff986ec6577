import { Anchor, Badge, Text } from '@mantine/core';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import type { MarketplaceBalance } from '../api/model.ts';
import { MoneyLines } from '../display/amounts.tsx';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount, formatShare, isNothing } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Age } from '../display/time.tsx';

/** Each marketplace: what Mirakl counts, how much of it is verified, how fresh that is. */
export function MarketplacesTable({ marketplaces }: { marketplaces: readonly MarketplaceBalance[] }) {
  return (
    <Section title="Marketplaces" note="What Mirakl counts, and how much of it was read back from Klaviyo">
      <DataTable
        label="Marketplaces"
        rows={marketplaces}
        columns={COLUMNS}
        rowId={({ marketplaceId }) => marketplaceId}
        minWidth={520}
      />
    </Section>
  );
}

const COLUMNS: readonly Column<MarketplaceBalance>[] = [
  {
    id: 'name',
    header: 'Marketplace',
    sortBy: ({ name }) => name,
    cell: ({ name, marketplaceId, configured }) => (
      <>
        <Anchor
          component={Link}
          href={href('/marketplaces', { marketplace: marketplaceId })}
          size="sm"
          fw={500}
        >
          {name}
        </Anchor>
        <Text size="xs" className="muted">
          {configured ? marketplaceId : `${marketplaceId} · not configured any more`}
        </Text>
      </>
    ),
  },
  {
    id: 'source',
    header: 'Mirakl counts',
    align: 'right',
    sortBy: ({ source }) => source.orders,
    cell: ({ source }) => (
      <>
        {formatCount(source.orders)}
        <MoneyLines amounts={source} size="xs" />
      </>
    ),
  },
  {
    id: 'verified',
    header: 'Verified',
    align: 'right',
    sortBy: ({ source, buckets }) => (source.orders === 0 ? 0 : buckets.verified.orders / source.orders),
    cell: ({ source, buckets }) =>
      source.orders === 0 ? '–' : formatShare(buckets.verified.orders / source.orders),
  },
  {
    id: 'difference',
    header: 'Difference',
    align: 'right',
    sortBy: ({ difference }) => difference.orders,
    cell: ({ difference }) =>
      difference.orders === 0 && isNothing(difference.money) ? (
        '0 ✓'
      ) : (
        <Badge color="pink" variant="filled">
          {formatCount(difference.orders)}
        </Badge>
      ),
  },
  {
    id: 'audited',
    header: 'Counted',
    cell: ({ auditedAt }) => (
      <Text size="sm" component="span">
        <Age at={auditedAt} none="not yet" />
      </Text>
    ),
  },
];
