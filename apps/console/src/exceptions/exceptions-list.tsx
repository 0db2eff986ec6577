import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import type { ExceptionItem } from '../api/model.ts';
import { Money } from '../display/amounts.tsx';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount } from '../display/format.ts';
import { OwnerBadge } from '../display/owners.tsx';
import { RunbookLink } from '../display/runbook-link.tsx';
import { Empty } from '../display/states.tsx';
import { Age } from '../display/time.tsx';
import { SelectionActions } from './selection-actions.tsx';

interface ExceptionsListProps {
  readonly exceptions: readonly ExceptionItem[];
  readonly onOpen: (id: string) => void;
  readonly onMore: (() => void) | undefined;
}

/** Single exceptions, the first due first; tick some and do the same with all of them. */
export function ExceptionsList({ exceptions, onOpen, onMore }: ExceptionsListProps) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const columns = useMemo(() => columnsOf(onOpen), [onOpen]);
  const rows = useMemo(() => exceptions.filter(({ id }) => ticked.has(id)), [exceptions, ticked]);
  if (exceptions.length === 0) {
    return (
      <Empty title="Nothing here">
        No exception matches these filters. Look at “All states” to see those that were resolved or accepted.
      </Empty>
    );
  }
  return (
    <Stack gap="sm">
      <Group justify="space-between" mih={30}>
        <Text size="sm" className="muted figures" aria-live="polite">
          {rows.length === 0
            ? `${formatCount(exceptions.length)} shown, the first due first`
            : `${formatCount(rows.length)} ticked`}
        </Text>
        {rows.length > 0 && <SelectionActions selection={{ rows }} onDone={() => setTicked(new Set())} />}
      </Group>
      <DataTable
        label="Exceptions"
        rows={exceptions}
        columns={columns}
        rowId={({ id }) => id}
        rowLabel={({ about }) => about}
        selected={ticked}
        onSelect={setTicked}
        minWidth={860}
      />
      {onMore !== undefined && (
        <Group justify="flex-end">
          <Button size="xs" variant="default" onClick={onMore}>
            Show more
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function columnsOf(onOpen: (id: string) => void): readonly Column<ExceptionItem>[] {
  return [
    {
      id: 'about',
      header: 'About',
      cell: (item) => <About item={item} />,
    },
    {
      id: 'gap',
      header: 'Gap',
      cell: (item) => (
        <>
          <Anchor component="button" type="button" ta="left" size="sm" onClick={() => onOpen(item.id)}>
            {item.meaning}
          </Anchor>
          <Text size="xs" className="muted">
            {item.whatToDo}. <RunbookLink runbook={item.runbook} about={item.reason} />
          </Text>
        </>
      ),
    },
    {
      id: 'amount',
      header: 'Amount',
      align: 'right',
      cell: (item) => (item.amount === null ? '' : <Money of={item.amount} />),
    },
    {
      id: 'due',
      header: 'Due',
      sortBy: ({ dueAt }) => dueAt ?? '~',
      cell: ({ dueAt, overdue }) => (
        <Text size="sm" component="span" className={overdue ? 'leak' : undefined} fw={overdue ? 600 : 400}>
          <Age at={dueAt} none="no hurry" />
        </Text>
      ),
    },
    {
      id: 'age',
      header: 'Since',
      sortBy: ({ ageSeconds }) => -ageSeconds,
      cell: ({ since }) => <Age at={since} />,
    },
    {
      id: 'owner',
      header: 'Whose job',
      cell: ({ owner, ownerContact }) => <OwnerBadge owner={owner} contact={ownerContact} />,
    },
    {
      id: 'state',
      header: 'State',
      cell: ({ state, assignee }) => (
        <Text size="sm">
          {state}
          {assignee === null ? '' : ` · ${assignee}`}
        </Text>
      ),
    },
  ];
}

function About({ item }: { item: ExceptionItem }) {
  return (
    <>
      {item.orderKey === null ? (
        <Text size="sm" fw={500}>
          {item.about}
        </Text>
      ) : (
        <Anchor component={Link} href={href('/orders', { order: item.orderKey })} size="sm" fw={500}>
          {item.orderKey}
        </Anchor>
      )}
      <Group gap={4}>
        {item.reopened && (
          <Badge color="yellow" variant="filled">
            came back
          </Badge>
        )}
        {item.recurring && (
          <Badge color="yellow" variant="filled">
            recurring
          </Badge>
        )}
      </Group>
    </>
  );
}
