import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import type { ExceptionGroup } from '../api/model.ts';
import { MoneyLines } from '../display/amounts.tsx';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount } from '../display/format.ts';
import { OwnerBadge } from '../display/owners.tsx';
import { RunbookLink } from '../display/runbook-link.tsx';
import { Empty } from '../display/states.tsx';
import { Age } from '../display/time.tsx';
import type { ExceptionFilter } from './exception-filter.ts';
import { SelectionActions } from './selection-actions.tsx';

interface GroupsTableProps {
  readonly groups: readonly ExceptionGroup[];
  readonly filter: ExceptionFilter;
}

/** The gaps by reason and marketplace, the most urgent first, each with what to do next to it. */
export function GroupsTable({ groups, filter }: GroupsTableProps) {
  if (groups.length === 0) {
    return (
      <Empty title="Nothing to do">
        No exception matches. One is opened by itself when an order fails, when a buyer cannot be reached, or
        when Mirakl counts something that is not here, and it is resolved by itself when its cause goes.
      </Empty>
    );
  }
  return (
    <DataTable
      label="Exceptions by reason and marketplace"
      rows={groups}
      columns={columnsOf(filter)}
      rowId={({ reason, marketplaceId }) => `${reason}|${marketplaceId}`}
      minWidth={920}
    />
  );
}

function columnsOf(filter: ExceptionFilter): readonly Column<ExceptionGroup>[] {
  const of = ({ reason, marketplaceId }: ExceptionGroup) => ({
    ...filter,
    reason,
    ...(marketplaceId === null ? {} : { marketplace: marketplaceId }),
  });
  return [
    {
      id: 'reason',
      header: 'Gap and what to do',
      cell: (group) => <Gap group={group} link={href('/exceptions', { ...of(group), view: 'list' })} />,
    },
    {
      id: 'count',
      header: 'Gaps',
      align: 'right',
      sortBy: ({ exceptions }) => exceptions,
      cell: (group) => (
        <>
          {formatCount(group.exceptions)}
          {group.unassigned > 0 && (
            <Text size="xs" className="muted nowrap">
              {formatCount(group.unassigned)} nobody’s
            </Text>
          )}
        </>
      ),
    },
    {
      id: 'money',
      header: 'Money',
      align: 'right',
      cell: (group) => <MoneyLines amounts={group} size="xs" />,
    },
    {
      id: 'due',
      header: 'Due',
      sortBy: ({ dueAt }) => dueAt ?? '~',
      cell: (group) => <Due group={group} />,
    },
    { id: 'oldest', header: 'Oldest', cell: ({ oldestSince }) => <Age at={oldestSince} none="–" /> },
    {
      id: 'owner',
      header: 'Whose job',
      cell: ({ owner, ownerContact }) => <OwnerBadge owner={owner} contact={ownerContact} />,
    },
    {
      id: 'do',
      header: 'Do',
      cell: (group) => (
        <SelectionActions selection={{ filter: of(group), exceptions: group.exceptions }} isSmall />
      ),
    },
  ];
}

function Gap({ group, link }: { group: ExceptionGroup; link: string }) {
  return (
    <Stack gap={2} maw={520}>
      <Group gap={6}>
        <Anchor component={Link} href={link} size="sm" fw={600}>
          {group.meaning}
        </Anchor>
        {group.recurring && (
          <Badge color="yellow" variant="filled">
            recurring
          </Badge>
        )}
        {group.reopened > 0 && (
          <Badge color="yellow" variant="filled">
            {group.reopened} came back
          </Badge>
        )}
      </Group>
      <Text size="xs" className="muted">
        {group.marketplaceId ?? 'Klaviyo account'} · <code>{group.reason}</code>
      </Text>
      <Text size="sm">
        {group.whatToDo}. <RunbookLink runbook={group.runbook} about={group.reason} />
      </Text>
      {group.bucket === 'uncaptured_contact' && (
        <Anchor
          component={Link}
          href={href('/exceptions', { view: 'claims', marketplace: group.marketplaceId })}
          size="sm"
        >
          Claim contacts by CSV
        </Anchor>
      )}
      {group.detail !== null && (
        <Text size="xs" className="muted quote">
          {group.detail}
        </Text>
      )}
    </Stack>
  );
}

function Due({ group }: { group: ExceptionGroup }) {
  return (
    <Text
      size="sm"
      component="div"
      className={group.overdue ? 'leak' : undefined}
      fw={group.overdue ? 600 : 400}
    >
      <Age at={group.dueAt} none="no hurry" />
      {group.overdueCount > 0 && <div>{formatCount(group.overdueCount)} overdue</div>}
    </Text>
  );
}
