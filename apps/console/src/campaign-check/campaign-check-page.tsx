import { Autocomplete, Badge, Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { href, wanted } from '../address/href.ts';
import { useFilters } from '../address/use-filters.ts';
import { api } from '../api/client.ts';
import type { CampaignCheck } from '../api/model.ts';
import { MoneyLines } from '../display/amounts.tsx';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount, formatMoment, formatSums, TIME_ZONE } from '../display/format.ts';
import { OwnerBadge } from '../display/owners.tsx';
import { PeriodPicker } from '../display/period-picker.tsx';
import { PageHead, Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { Age } from '../display/time.tsx';
import { HealthBadge } from '../marketplaces/health-badge.tsx';

const FILTERS = ['channel', 'sku', 'from', 'to'] as const;
type Missing = CampaignCheck['missing'][number];

/** May I launch to these buyers now? */
export function CampaignCheckPage() {
  const [filters, change] = useFilters(FILTERS);
  const options = api.useQuery('get', '/campaign-check/options', {}, { staleTime: 60_000 });
  const check = api.useQuery(
    'get',
    '/campaign-check',
    { params: { query: wanted(filters) } },
    { placeholderData: keepPreviousData, refetchInterval: 15_000 },
  );
  const exportHref = href('/api/v1/campaign-check/missing.csv', filters);
  return (
    <Stack gap="md">
      <PageHead title="Campaign check" question="May I launch to these buyers now?">
        <Choice
          name="Channel"
          value={filters.channel}
          data={[...new Set(options.data?.channels ?? [])]}
          onChange={(channel) => change({ channel })}
        />
        <Choice
          name="SKU"
          value={filters.sku}
          data={[...new Set((options.data?.skus ?? []).map(({ sku }) => sku))]}
          onChange={(sku) => change({ sku })}
        />
        <PeriodPicker period={filters} onChange={change} />
      </PageHead>
      <Loaded query={check} lines={8}>
        {(answer) => <Answer check={answer} exportHref={exportHref} />}
      </Loaded>
    </Stack>
  );
}

function Answer({ check, exportHref }: { check: CampaignCheck; exportHref: string }) {
  return (
    <Stack gap="md">
      <Verdict check={check} />
      <Section
        title="What is missing"
        note="Without addresses; the file names the orders for whoever owns them"
        actions={
          check.missing.length === 0 ? undefined : (
            <Button size="xs" variant="default" component="a" href={exportHref} download>
              Export the list (CSV)
            </Button>
          )
        }
      >
        {check.missing.length === 0 ? (
          <Empty title="Nothing is missing">Every buyer of this selection is in Klaviyo.</Empty>
        ) : (
          <DataTable
            label="What is missing"
            rows={check.missing}
            columns={COLUMNS}
            rowId={({ bucket, reason }) => `${bucket}|${reason}`}
            minWidth={640}
          />
        )}
      </Section>
      <Section title="Sources" note="A source that is late may have orders that nobody has seen yet">
        <List listStyleType="none" spacing={4} size="sm">
          {check.sources.map(({ marketplaceId, name, health, lastCompletePollAt, blocking }) => (
            <List.Item key={marketplaceId}>
              <HealthBadge health={health} /> {name}: last complete poll <Age at={lastCompletePollAt} />
              {blocking && ' · keeps the campaign from being ready'}
            </List.Item>
          ))}
        </List>
      </Section>
    </Stack>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly data: string[];
  readonly onChange: (value: string) => void;
}

/** A list that one may also write into; empty means all of them. */
function Choice({ name, value, data, onChange }: ChoiceProps) {
  return (
    <Autocomplete
      key={value}
      size="xs"
      w={190}
      aria-label={name}
      placeholder={`Any ${name === 'SKU' ? name : name.toLowerCase()}`}
      data={data}
      defaultValue={value}
      limit={50}
      clearable
      clearButtonProps={{ 'aria-label': `Any ${name}` }}
      onOptionSubmit={onChange}
      onClear={() => onChange('')}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChange(event.currentTarget.value.trim());
      }}
    />
  );
}

function Verdict({ check }: { check: CampaignCheck }) {
  return (
    <section
      className={check.ready ? 'card calm' : 'card leaking'}
      aria-label="The answer"
      data-testid="verdict"
    >
      <Group justify="space-between" align="flex-start" gap="lg">
        <Stack gap={2} maw={640}>
          <Title order={2}>{check.ready ? 'Ready' : 'Not ready'}</Title>
          <Text size="sm">{check.verdict}</Text>
          {!check.ready && (
            <Text size="sm" className="muted">
              {check.allInAt === null
                ? 'When it will be in cannot be said.'
                : `All that blocks is expected by ${formatMoment(check.allInAt)} (${TIME_ZONE}).`}
            </Text>
          )}
        </Stack>
        <Group gap="xl">
          <Counted name="Orders in the selection" orders={check.total.orders} money={check.total.money} />
          <Counted name="In Klaviyo" orders={check.arrived.orders} money={check.arrived.money} />
        </Group>
      </Group>
      <Text size="xs" className="muted" mt="xs">
        As of {formatMoment(check.asOf)} ({TIME_ZONE})
      </Text>
    </section>
  );
}

function Counted(props: { name: string; orders: number; money: Readonly<Record<string, string>> }) {
  return (
    <div>
      <Text size="xs" className="muted">
        {props.name}
      </Text>
      <Text fw={650} size="lg" className="figures">
        {formatCount(props.orders)}
      </Text>
      <Text size="xs" className="muted figures">
        {formatSums(props.money)}
      </Text>
    </div>
  );
}

const ARRIVES = {
  by_itself: 'by itself',
  when_dealt_with: 'when its owner has dealt with it',
  with_a_contact: 'when an address is claimed',
  by_policy_never: 'never: policy',
} as const;

const COLUMNS: readonly Column<Missing>[] = [
  {
    id: 'reason',
    header: 'Reason',
    cell: ({ meaning, whatToDo, blocking }) => (
      <>
        <Text size="sm" fw={500} component="div">
          {meaning}{' '}
          {blocking && (
            <Badge color="yellow" variant="filled">
              blocks
            </Badge>
          )}
        </Text>
        <Text size="xs" className="muted">
          {whatToDo}
        </Text>
      </>
    ),
  },
  {
    id: 'orders',
    header: 'Orders',
    align: 'right',
    sortBy: ({ orders }) => orders,
    cell: ({ orders }) => formatCount(orders),
  },
  { id: 'money', header: 'Money', align: 'right', cell: (row) => <MoneyLines amounts={row} size="xs" /> },
  {
    id: 'when',
    header: 'When it is in',
    cell: ({ arrives, expectedAt }) => (
      <Text size="sm" component="div">
        {ARRIVES[arrives]}
        {expectedAt !== null && (
          <>
            , about <Age at={expectedAt} />
          </>
        )}
      </Text>
    ),
  },
  { id: 'owner', header: 'Whose job', cell: ({ owner }) => <OwnerBadge owner={owner} /> },
];
