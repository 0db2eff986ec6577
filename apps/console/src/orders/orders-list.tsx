import { Alert, Anchor, Badge, Group, Stack, Table, Text } from '@mantine/core';
import { type OrdersFilter, useOrders } from '../api/orders.ts';
import { BUCKET_LABELS } from '../display/buckets.ts';
import { formatMoment, formatMoney } from '../display/format.ts';

interface OrdersListProps {
  readonly filter: OrdersFilter;
  readonly onOpen: (orderKey: string) => void;
}

/** The orders behind a number or a search. */
export function OrdersList({ filter, onOpen }: OrdersListProps) {
  const { data, error } = useOrders(filter);
  if (error !== null) return <Alert color="yellow">{error.message}</Alert>;
  if (data === undefined) return <Text c="dimmed">Looking …</Text>;
  if (data.orders.length === 0) {
    return (
      <Text c="dimmed">
        No such order. Search by the beginning of an order number or a basket number, as Mirakl writes it.
      </Text>
    );
  }
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {data.orders.length === 50 ? 'The newest 50' : data.orders.length} orders
      </Text>
      <Table.ScrollContainer minWidth={480}>
        <Table verticalSpacing="xs">
          <Table.Tbody>
            {data.orders.map((order) => (
              <Table.Tr key={order.orderKey}>
                <Table.Td>
                  <Anchor
                    component="button"
                    type="button"
                    size="sm"
                    fw={500}
                    onClick={() => onOpen(order.orderKey)}
                  >
                    {order.orderId}
                  </Anchor>
                  <Text size="xs" c="dimmed">
                    {order.marketplaceId} ·{' '}
                    {order.createdAt === null ? 'time unknown' : formatMoment(order.createdAt)}
                  </Text>
                </Table.Td>
                <Table.Td ta="right" className="figures">
                  {order.amount === null
                    ? 'unknown'
                    : formatMoney(order.amount.amount, order.amount.currency)}
                </Table.Td>
                <Table.Td>
                  <Group justify="flex-end">
                    <Badge variant="light" color={order.bucket === 'failed' ? 'pink' : 'gray'}>
                      {order.bucket === null ? 'seen' : BUCKET_LABELS[order.bucket]}
                    </Badge>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
