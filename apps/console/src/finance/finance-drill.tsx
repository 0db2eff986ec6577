import { Anchor, Button, Drawer, Group, Stack, Tabs, Text } from '@mantine/core';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import { api } from '../api/client.ts';
import type { FinanceOrder } from '../api/model.ts';
import { Money } from '../display/amounts.tsx';
import { BucketBadge } from '../display/bucket-badge.tsx';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatMoney } from '../display/format.ts';
import { Empty, Loaded } from '../display/states.tsx';
import { Moment } from '../display/time.tsx';

interface FinanceDrillProps {
  readonly marketplaceId: string;
  readonly month: string;
  readonly currency: string;
  readonly onClose: () => void;
}

/** The orders behind a row of finance, and its refunds beside Mirakl's transaction log. */
export function FinanceDrill(props: FinanceDrillProps) {
  const { marketplaceId, month, currency, onClose } = props;
  const isOpen = marketplaceId !== '' && month !== '';
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size="xl"
      title={`${marketplaceId}, ${month}, ${currency}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {isOpen && (
        <Tabs defaultValue="orders" keepMounted={false}>
          <Tabs.List mb="sm">
            <Tabs.Tab value="orders">Orders</Tabs.Tab>
            <Tabs.Tab value="refunds">Refunds and the transaction log</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="orders">
            <Orders {...props} />
          </Tabs.Panel>
          <Tabs.Panel value="refunds">
            <Refunds {...props} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Drawer>
  );
}

function Orders({ marketplaceId, month, currency }: FinanceDrillProps) {
  const orders = api.useInfiniteQuery(
    'get',
    '/finance/orders',
    { params: { query: { marketplace: marketplaceId, month, ...(currency === '' ? {} : { currency }) } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null, // Undefined would become 0; null is left out of the query.
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    },
  );
  return (
    <Loaded query={orders} lines={8}>
      {({ pages }) => (
        <Stack gap="sm">
          <DataTable
            label="Orders of the month"
            minWidth={620}
            rows={pages.flatMap((page) => page.orders)}
            rowId={({ orderKey }) => orderKey}
            columns={ORDER_COLUMNS}
          />
          {orders.hasNextPage && (
            <Group justify="flex-end">
              <Button size="xs" variant="default" onClick={() => void orders.fetchNextPage()}>
                Show more
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

const money = (amount: string | null, currency: string | null) =>
  amount === null || currency === null ? 'unknown' : formatMoney(amount, currency);

const ORDER_COLUMNS: readonly Column<FinanceOrder>[] = [
  {
    id: 'order',
    header: 'Order',
    cell: ({ orderKey, orderId, createdAt }) => (
      <>
        <Anchor component={Link} href={href('/orders', { order: orderKey })} size="sm">
          {orderId}
        </Anchor>
        <Text size="xs" className="muted">
          <Moment at={createdAt} />
        </Text>
      </>
    ),
  },
  { id: 'sales', header: 'Sales', align: 'right', cell: (row) => money(row.sales, row.currency) },
  { id: 'net', header: 'Net', align: 'right', cell: (row) => money(row.net, row.currency) },
  {
    id: 'delivered',
    header: 'Delivered',
    align: 'right',
    cell: (row) => money(row.delivered, row.currency),
  },
  {
    id: 'difference',
    header: 'Difference',
    align: 'right',
    cell: (row) => money(row.difference, row.currency),
  },
  { id: 'bucket', header: 'Where it is', cell: ({ bucket }) => <BucketBadge bucket={bucket} /> },
];

function Refunds({ marketplaceId, month }: FinanceDrillProps) {
  const checks = api.useQuery('get', '/finance/refunds', {
    params: { query: { marketplace: marketplaceId, month } },
  });
  return (
    <Loaded query={checks} lines={8}>
      {({ allowed, refunds, truncated }) => {
        if (!allowed) {
          return (
            <Empty title="The transaction log cannot be read">
              The key of this marketplace may not read Mirakl’s transaction log (TL02). Ask the operator for
              that right, then run the doctor.
            </Empty>
          );
        }
        if (refunds.length === 0)
          return <Empty title="No refunds">No refund was completed in this month.</Empty>;
        return (
          <>
            {truncated && <Text size="sm">Only the first 1,000 are shown, those that differ first.</Text>}
            <DataTable
              label="Refunds beside the transaction log"
              minWidth={560}
              rows={refunds}
              rowId={({ orderKey, refundId }) => `${orderKey}|${refundId}`}
              columns={[
                {
                  id: 'refund',
                  header: 'Refund',
                  cell: ({ orderKey, refundId }) => `${orderKey}, ${refundId}`,
                },
                {
                  id: 'amount',
                  header: 'Refunded',
                  align: 'right',
                  cell: ({ refund }) => <Money of={refund} />,
                },
                {
                  id: 'log',
                  header: 'In the log',
                  align: 'right',
                  cell: ({ transaction }) => <Money of={transaction} />,
                },
                {
                  id: 'result',
                  header: 'Result',
                  sortBy: ({ result }) => result,
                  cell: ({ result }) => result,
                },
              ]}
            />
          </>
        );
      }}
    </Loaded>
  );
}
