import { Anchor, Badge, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import type { Review } from '../api/model.ts';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount, formatSums } from '../display/format.ts';
import { OWNER_LABELS } from '../display/owners.tsx';
import { Section } from '../display/section.tsx';
import { Empty } from '../display/states.tsx';

type Gap = Review['exceptions']['groups'][number];

/** What opened, what was resolved, what repeats: the list of each owner. */
export function ReviewOwners({ review }: { review: Review }) {
  const { exceptions, owners } = review;
  return (
    <Section
      title="Exceptions"
      note={`${formatCount(exceptions.opened)} opened, ${formatCount(exceptions.resolved)} resolved, ${formatCount(exceptions.open)} open at the end, ${formatCount(exceptions.overdue)} of them overdue`}
    >
      {owners.length === 0 ? (
        <Empty title="Nothing for anybody">No exception was open in this week.</Empty>
      ) : (
        <SimpleGrid cols={1} spacing="md">
          {owners.map(({ owner, contacts, groups }) => (
            <Stack key={owner} gap={4}>
              <Group gap="xs">
                <Text fw={650}>{OWNER_LABELS[owner]}</Text>
                <Text size="xs" className="muted">
                  {contacts.join(', ')}
                </Text>
              </Group>
              {groups.length === 0 ? (
                <Text size="sm" className="muted">
                  Nothing this week.
                </Text>
              ) : (
                <DataTable
                  label={`Exceptions of ${OWNER_LABELS[owner]}`}
                  minWidth={640}
                  rows={groups}
                  columns={COLUMNS}
                  rowId={({ reason, marketplaceId }) => `${reason}|${marketplaceId}`}
                />
              )}
            </Stack>
          ))}
        </SimpleGrid>
      )}
    </Section>
  );
}

const COLUMNS: readonly Column<Gap>[] = [
  {
    id: 'gap',
    header: 'Gap',
    cell: ({ meaning, reason, marketplaceId, recurring, weeksBefore, whatToDo }) => (
      <>
        <Anchor
          component={Link}
          size="sm"
          fw={500}
          href={href('/exceptions', { reason, marketplace: marketplaceId, view: 'list', state: 'all' })}
        >
          {meaning}
        </Anchor>{' '}
        {recurring ? (
          <Badge color="yellow" variant="filled">
            recurring
          </Badge>
        ) : (
          <Badge color="gray">new</Badge>
        )}
        <Text size="xs" className="muted">
          {marketplaceId ?? 'Klaviyo account'} · opened in the weeks before: {weeksBefore.join(', ')} ·{' '}
          {whatToDo}
        </Text>
      </>
    ),
  },
  {
    id: 'opened',
    header: 'Opened',
    align: 'right',
    sortBy: ({ opened }) => opened,
    cell: ({ opened }) => formatCount(opened),
  },
  {
    id: 'resolved',
    header: 'Resolved',
    align: 'right',
    sortBy: ({ resolved }) => resolved,
    cell: ({ resolved }) => formatCount(resolved),
  },
  {
    id: 'open',
    header: 'Open',
    align: 'right',
    sortBy: ({ open }) => open,
    cell: ({ open }) => formatCount(open),
  },
  {
    id: 'overdue',
    header: 'Overdue',
    align: 'right',
    sortBy: ({ overdue }) => overdue,
    cell: ({ overdue }) => formatCount(overdue),
  },
  { id: 'money', header: 'Money open', align: 'right', cell: ({ money }) => formatSums(money) },
];
