import { Button, Group, Select, Stack, Tabs } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Filters, useFilters } from '../address/use-filters.ts';
import { api } from '../api/client.ts';
import { ClaimsTab } from '../claims/claims-tab.tsx';
import { MarketplacePicker } from '../display/marketplace-picker.tsx';
import { OWNER_LABELS } from '../display/owners.tsx';
import { PageHead, Section } from '../display/section.tsx';
import { Loaded } from '../display/states.tsx';
import { AgingGrid } from './aging-grid.tsx';
import { ExceptionDrawer } from './exception-drawer.tsx';
import {
  EXCEPTION_FILTERS,
  type ExceptionFilter,
  type ExceptionFilterName,
  filterOf,
} from './exception-filter.ts';
import { ExceptionsList } from './exceptions-list.tsx';
import { GroupsTable } from './groups-table.tsx';

const OPENED = ['exception'] as const;

/** What do I have to do today? */
export function ExceptionsPage() {
  const [filters, change] = useFilters(EXCEPTION_FILTERS);
  const [{ exception }, open] = useFilters(OPENED);
  const filter = useMemo(() => filterOf(filters), [filters]);
  const view = filters.view === '' ? (filters.order === '' ? 'groups' : 'list') : filters.view;
  return (
    <Stack gap="md">
      <PageHead title="Exceptions" question="What do I have to do today?" />
      <ExceptionFilters filters={filters} change={change} />
      <Tabs value={view} onChange={(tab) => change({ view: tab ?? '' })} keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="groups">By reason</Tabs.Tab>
          <Tabs.Tab value="list">One by one</Tabs.Tab>
          <Tabs.Tab value="aging">Aging</Tabs.Tab>
          <Tabs.Tab value="claims">Contact claims</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="groups">
          <Found filter={filter} view="groups" onOpen={(id) => open({ exception: id })} />
        </Tabs.Panel>
        <Tabs.Panel value="list">
          <Found filter={filter} view="list" onOpen={(id) => open({ exception: id })} />
        </Tabs.Panel>
        <Tabs.Panel value="aging">
          <AgingGrid filter={filter} />
        </Tabs.Panel>
        <Tabs.Panel value="claims">
          <ClaimsTab marketplace={filters.marketplace} />
        </Tabs.Panel>
      </Tabs>
      <ExceptionDrawer id={exception} onClose={() => open({ exception: '' })} />
    </Stack>
  );
}

interface FoundProps {
  readonly filter: ExceptionFilter;
  readonly view: 'groups' | 'list';
  readonly onOpen: (id: string) => void;
}

function Found({ filter, view, onOpen }: FoundProps) {
  const found = api.useInfiniteQuery(
    'get',
    '/exceptions',
    { params: { query: filter } },
    {
      pageParamName: 'cursor',
      initialPageParam: null, // Undefined would become 0; null is left out of the query.
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: keepPreviousData,
      refetchInterval: 15_000,
    },
  );
  const exceptions = useMemo(() => found.data?.pages.flatMap((page) => page.exceptions) ?? [], [found.data]);
  return (
    <Section title={view === 'groups' ? 'Gaps by reason and marketplace' : 'Single gaps'}>
      <Loaded query={found} lines={10}>
        {({ pages }) =>
          view === 'groups' ? (
            <GroupsTable groups={pages[0]?.groups ?? []} filter={filter} />
          ) : (
            <ExceptionsList
              exceptions={exceptions}
              onOpen={onOpen}
              onMore={found.hasNextPage ? () => void found.fetchNextPage() : undefined}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

interface ExceptionFiltersProps {
  readonly filters: Filters<ExceptionFilterName>;
  readonly change: (change: Partial<Filters<ExceptionFilterName>>) => void;
}

const STATES = [
  { value: 'active', label: 'To be done' },
  { value: 'snoozed', label: 'Put aside' },
  { value: 'accepted', label: 'Accepted' },
  { value: 'resolved', label: 'Resolved' },
  { value: 'all', label: 'All states' },
];
const ASSIGNEES = [
  { value: 'me', label: 'Mine' },
  { value: 'nobody', label: 'Nobody’s' },
];
const DUE = [
  { value: 'overdue', label: 'Overdue' },
  { value: 'today', label: 'Due today' },
  { value: 'week', label: 'Due this week' },
];
const NOTHING = {
  reason: '',
  marketplace: '',
  owner: '',
  assignee: '',
  due: '',
  age: '',
  reopened: '',
  order: '',
};

function ExceptionFilters({ filters, change }: ExceptionFiltersProps) {
  const { view: _view, state: _state, ...narrowing } = filters;
  const isNarrowed = Object.values(narrowing).some((value) => value !== '');
  return (
    <Group gap="xs">
      <Choice
        name="State"
        value={filters.state === '' ? 'active' : filters.state}
        data={STATES}
        onChange={(state) => change({ state })}
      />
      <Choice
        name="Whose job"
        value={filters.owner}
        data={Object.entries(OWNER_LABELS).map(([value, label]) => ({ value, label }))}
        onChange={(owner) => change({ owner })}
      />
      <Choice
        name="Assignee"
        value={filters.assignee}
        data={ASSIGNEES}
        onChange={(assignee) => change({ assignee })}
      />
      <Choice name="Due" value={filters.due} data={DUE} onChange={(due) => change({ due })} />
      <MarketplacePicker value={filters.marketplace} onChange={(marketplace) => change({ marketplace })} />
      {isNarrowed && (
        <Button size="xs" variant="subtle" onClick={() => change(NOTHING)}>
          Show all
        </Button>
      )}
      {filters.reason !== '' && <code>{filters.reason}</code>}
    </Group>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly data: { value: string; label: string }[];
  readonly onChange: (value: string) => void;
}

function Choice({ name, value, data, onChange }: ChoiceProps) {
  return (
    <Select
      size="xs"
      w={140}
      aria-label={name}
      placeholder={name}
      data={data}
      value={value === '' ? null : value}
      clearable={name !== 'State'}
      clearButtonProps={{ 'aria-label': `${name}: all` }}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}
