import { Text } from '@mantine/core';
import type { Operations } from '../api/model.ts';
import { type Column, DataTable } from '../display/data-table.tsx';
import { Section } from '../display/section.tsx';
import { Age, Moment } from '../display/time.tsx';
import { HealthBadge } from '../marketplaces/health-badge.tsx';

/** Which replica polls which marketplace, and until when no other may. */
export function PollersCard({ operations }: { operations: Operations }) {
  return (
    <Section
      title="Who polls what"
      note="One replica of mirakl-ingest at a time. It renews its lease every few seconds; when it dies, another takes over as the lease ends"
    >
      <DataTable
        label="Leases of marketplaces"
        minWidth={400}
        rows={operations.pollers}
        rowId={({ marketplaceId }) => marketplaceId}
        columns={COLUMNS}
      />
    </Section>
  );
}

const COLUMNS: readonly Column<Operations['pollers'][number]>[] = [
  {
    id: 'marketplace',
    header: 'Marketplace',
    cell: ({ name, health }) => (
      <>
        <Text size="sm" fw={500}>
          {name}
        </Text>
        <HealthBadge health={health} />
      </>
    ),
  },
  {
    id: 'replica',
    header: 'Replica',
    cell: ({ replica }) => (replica === null ? 'not said yet' : <code>{replica}</code>),
  },
  { id: 'polled', header: 'Polled', cell: ({ polledAt }) => <Age at={polledAt} none="never" /> },
  {
    id: 'lease',
    header: 'Lease then until',
    cell: ({ leaseUntil }) => (leaseUntil === null ? '–' : <Moment at={leaseUntil} />),
  },
];
