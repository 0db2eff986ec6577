import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import { api } from '../api/client.ts';
import type { Marketplace, MarketplaceBalance } from '../api/model.ts';
import { MoneyLines } from '../display/amounts.tsx';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount, formatShare, isNothing } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Age } from '../display/time.tsx';
import { useDefinitions } from '../display/use-definitions.ts';
import { HealthBadge } from '../marketplaces/health-badge.tsx';

type Row = MarketplaceBalance & { readonly health: Marketplace | undefined };

/** Each marketplace: what Mirakl counts, how much of it is verified, how fresh that is, how many may be mailed. */
export function MarketplacesTable({ marketplaces }: { marketplaces: readonly MarketplaceBalance[] }) {
  const sources = api.useQuery('get', '/marketplaces', {}, { refetchInterval: 15_000 });
  const define = useDefinitions();
  const rows = marketplaces.map((marketplace) => ({
    ...marketplace,
    health: sources.data?.marketplaces.find(({ id }) => id === marketplace.marketplaceId),
  }));
  return (
    <Section
      title="Marketplaces"
      note="What Mirakl counts, how much of it was read back from Klaviyo, how fresh that is"
    >
      <DataTable
        label="Marketplaces"
        rows={rows}
        columns={columnsOf(define('optInRate'))}
        rowId={({ marketplaceId }) => marketplaceId}
        minWidth={440}
      />
    </Section>
  );
}

function columnsOf(optInRate: string | undefined): readonly Column<Row>[] {
  return [
    {
      id: 'name',
      header: 'Marketplace',
      sortBy: ({ name }) => name,
      cell: (row) => <Name row={row} />,
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
      sortBy: verifiedShare,
      cell: (row) => (row.source.orders === 0 ? '–' : formatShare(verifiedShare(row))),
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
          <Text size="sm" fw={650} className="leak figures" component="span">
            {formatCount(difference.orders)}
          </Text>
        ),
    },
    {
      id: 'optIn',
      header: 'Opt-in',
      definition: optInRate,
      align: 'right',
      cell: ({ health }) =>
        health?.consents.optInRate == null ? '–' : formatShare(health.consents.optInRate),
    },
  ];
}

function verifiedShare({ source, buckets }: Row): number {
  return source.orders === 0 ? 0 : buckets.verified.orders / source.orders;
}

function Name({ row }: { row: Row }) {
  const { name, marketplaceId, configured, health } = row;
  return (
    <>
      <Anchor
        component={Link}
        href={href('/marketplaces', { marketplace: marketplaceId })}
        size="sm"
        fw={500}
      >
        {name}
      </Anchor>
      {!configured && (
        <Text size="xs" className="muted">
          not configured any more
        </Text>
      )}
      <Text size="xs" className="muted" component="div">
        polled <Age at={health?.lastPoll?.completedAt} none="never" />
      </Text>
      {health !== undefined && health.health !== 'fresh' && <HealthBadge health={health.health} />}
    </>
  );
}
