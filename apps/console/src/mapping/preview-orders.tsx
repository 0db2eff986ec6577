import { Anchor, Group, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import type { MappingPreview } from '../api/model.ts';
import { formatCount } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Empty } from '../display/states.tsx';

type Order = MappingPreview['orders'][number];

/** One recent order before and after, side by side; those that change first. */
export function PreviewOrders({ preview }: { preview: MappingPreview }) {
  const orders = [...preview.orders].sort((one, other) => Number(other.changed) - Number(one.changed));
  const [chosen, setChosen] = useState<string>();
  const order = orders.find(({ orderKey }) => orderKey === chosen) ?? orders[0];
  return (
    <Section
      title="Before and after"
      note={`${formatCount(preview.changed)} of ${formatCount(orders.length)} recent orders change`}
    >
      {order === undefined ? (
        <Empty title="No recent orders">The preview works on orders as they come in.</Empty>
      ) : (
        <Stack gap="xs">
          <Group gap="xs">
            <Select
              size="xs"
              w={260}
              aria-label="Order to look at"
              data={orders.map(({ orderKey, changed }) => ({
                value: orderKey,
                label: changed ? `${orderKey} (changes)` : orderKey,
              }))}
              value={order.orderKey}
              allowDeselect={false}
              onChange={(next) => setChosen(next ?? undefined)}
            />
            <Anchor component={Link} href={href('/orders', { order: order.orderKey })} size="xs">
              Its story
            </Anchor>
          </Group>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
            <Applied title="Before" applied={order.before} />
            <Applied title="After" applied={order.after} />
          </SimpleGrid>
          {preview.unmapped.length > 0 && (
            <Text size="xs" className="muted">
              Still left out:{' '}
              {preview.unmapped
                .map(({ field, orders: count }) => `${field} (${formatCount(count)})`)
                .join(', ')}
            </Text>
          )}
        </Stack>
      )}
    </Section>
  );
}

function Applied({ title, applied }: { title: string; applied: Order['before'] }) {
  const parts = [
    ['event', applied.event],
    ['profile', applied.profile],
    ...applied.lines.map(({ lineId, attributes }) => [`line ${lineId}`, attributes] as const),
  ] as const;
  const said = parts.filter(([, attributes]) => Object.keys(attributes).length > 0);
  return (
    <div>
      <Text size="xs" fw={600} className="muted">
        {title}
      </Text>
      {said.length === 0 && (
        <Text size="sm" className="muted">
          nothing is mapped
        </Text>
      )}
      {said.map(([name, attributes]) => (
        <div key={name}>
          <Text size="xs" className="muted">
            {name}
          </Text>
          {Object.entries(attributes).map(([attribute, value]) => (
            <Text key={attribute} size="sm" className="quote">
              {attribute}: <code>{JSON.stringify(value)}</code>
            </Text>
          ))}
        </div>
      ))}
    </div>
  );
}
