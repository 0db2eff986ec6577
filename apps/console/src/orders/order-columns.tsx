import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import type { OrderRow } from '../api/model.ts';
import { Money } from '../display/amounts.tsx';
import { BucketBadge } from '../display/bucket-badge.tsx';
import { contactLabel } from '../display/contact.ts';
import type { Column } from '../display/data-table.tsx';
import { Age, Moment } from '../display/time.tsx';

export const ORDER_COLUMNS: readonly Column<OrderRow>[] = [
  {
    id: 'order',
    header: 'Order',
    cell: (order) => (
      <>
        <Anchor component={Link} href={href('/orders', { order: order.orderKey })} size="sm" fw={500}>
          {order.orderId}
        </Anchor>
        <Text size="xs" className="muted">
          {order.marketplaceId}
          {order.state === null ? '' : ` · ${order.state}`}
        </Text>
      </>
    ),
  },
  { id: 'created', header: 'Ordered', cell: ({ createdAt }) => <Moment at={createdAt} /> },
  { id: 'amount', header: 'Amount', align: 'right', cell: ({ amount }) => <Money of={amount} /> },
  {
    id: 'contact',
    header: 'Contact',
    cell: ({ contactClass, country }) => (
      <Text size="sm">
        {contactLabel(contactClass)}
        {country === null ? '' : ` · ${country}`}
      </Text>
    ),
  },
  {
    id: 'bucket',
    header: 'Where it is',
    cell: ({ bucket, reason }) => (
      <>
        <BucketBadge bucket={bucket} />
        {reason !== null && (
          <Text size="xs" className="muted">
            {reason}
          </Text>
        )}
      </>
    ),
  },
  {
    id: 'since',
    header: 'Since',
    cell: ({ since, bucket }) => (bucket === 'verified' ? '' : <Age at={since} none="–" />),
  },
];
