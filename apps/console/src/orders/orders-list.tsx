import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type Filters, useFilters } from '../address/use-filters.ts';
import { api } from '../api/client.ts';
import { BUCKET_LABELS, BUCKETS, isBucket } from '../display/buckets.ts';
import { CONTACT_LABELS } from '../display/contact.ts';
import { DataTable } from '../display/data-table.tsx';
import { MarketplacePicker } from '../display/marketplace-picker.tsx';
import { PeriodPicker } from '../display/period-picker.tsx';
import { PageHead } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { FindBuyer } from './find-buyer.tsx';
import { ORDER_FILTERS, type OrderFilterName } from './order-filters.ts';
import { ORDER_COLUMNS } from './order-columns.tsx';

type Change = (change: Partial<Filters<OrderFilterName>>) => void;

/** The orders behind a number or a search, the newest first. */
export function OrdersList() {
  const [filters, change] = useFilters(ORDER_FILTERS);
  return (
    <Stack gap="md">
      <PageHead title="Orders" question="What happened to this order?">
        <FindBuyer />
      </PageHead>
      <OrderFilters filters={filters} change={change} />
      <section className="card" aria-label="Orders found">
        <Found key={JSON.stringify(filters)} filters={filters} />
      </section>
    </Stack>
  );
}

function OrderFilters({ filters, change }: { filters: Filters<OrderFilterName>; change: Change }) {
  const isNarrowed = Object.values(filters).some((value) => value !== '');
  return (
    <Group gap="xs" align="flex-end">
      <QueryBox key={filters.query} value={filters.query} onChange={(query) => change({ query })} />
      <Select
        size="xs"
        w={160}
        aria-label="Bucket"
        placeholder="All buckets"
        data={BUCKETS.map((bucket) => ({ value: bucket, label: BUCKET_LABELS[bucket] }))}
        value={filters.bucket === '' ? null : filters.bucket}
        clearable
        clearButtonProps={{ 'aria-label': 'All buckets' }}
        onChange={(bucket) => change({ bucket: bucket ?? '', reason: '' })}
      />
      <MarketplacePicker value={filters.marketplace} onChange={(marketplace) => change({ marketplace })} />
      <Select
        size="xs"
        w={160}
        aria-label="Contact of the buyer"
        placeholder="All contacts"
        data={Object.entries(CONTACT_LABELS)
          .filter(([value]) => value !== 'unknown')
          .map(([value, label]) => ({ value, label }))}
        value={filters.contactClass === '' ? null : filters.contactClass}
        clearable
        clearButtonProps={{ 'aria-label': 'All contacts' }}
        onChange={(contactClass) => change({ contactClass: contactClass ?? '' })}
      />
      <PeriodPicker period={filters} onChange={change} />
      {isNarrowed && (
        <Button size="xs" variant="subtle" onClick={() => change(NOTHING)}>
          Show all
        </Button>
      )}
      {filters.reason !== '' && (
        <Text size="xs" className="muted">
          only <code>{filters.reason}</code>
        </Text>
      )}
    </Group>
  );
}

function QueryBox({ value, onChange }: { value: string; onChange: (query: string) => void }) {
  const [text, setText] = useState(value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange(text.trim());
      }}
    >
      <TextInput
        size="xs"
        w={220}
        placeholder="Order or basket number, SKU, event id"
        aria-label="Search orders by order number, basket number, SKU or event id"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}

const NOTHING: Filters<OrderFilterName> = {
  query: '',
  bucket: '',
  reason: '',
  marketplace: '',
  from: '',
  to: '',
  contactClass: '',
  country: '',
  buyer: '',
};

function Found({ filters }: { filters: Filters<OrderFilterName> }) {
  const { bucket, ...rest } = filters;
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ''));
  const orders = api.useInfiniteQuery(
    'get',
    '/orders',
    { params: { query: { ...said, ...(isBucket(bucket) ? { bucket } : {}) } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null, // Undefined would become 0; null is left out of the query.
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    },
  );
  const rows = useMemo(() => orders.data?.pages.flatMap((page) => page.orders) ?? [], [orders.data]);
  return (
    <Loaded query={orders} lines={10}>
      {() =>
        rows.length === 0 ? (
          <Empty title="No such order">
            Search by the beginning of an order number or a basket number, as Mirakl writes it, or by a whole
            SKU or event id. An order appears here with the first poll that sees it.
          </Empty>
        ) : (
          <Stack gap="sm">
            <DataTable
              label="Orders"
              rows={rows}
              columns={ORDER_COLUMNS}
              rowId={({ orderKey }) => orderKey}
              minWidth={720}
            />
            <Group justify="space-between">
              <Text size="sm" className="muted figures">
                {rows.length} shown, the newest first
              </Text>
              {orders.hasNextPage && (
                <Button
                  size="xs"
                  variant="default"
                  loading={orders.isFetchingNextPage}
                  onClick={() => void orders.fetchNextPage()}
                >
                  Show more
                </Button>
              )}
            </Group>
          </Stack>
        )
      }
    </Loaded>
  );
}
