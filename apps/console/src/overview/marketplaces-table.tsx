import { Badge, Card, Table, Text } from '@mantine/core';
import { BUCKETS, type MarketplaceBalance } from '../api/balance.ts';
import { MoneyLines } from '../display/amounts.tsx';
import { BUCKET_LABELS } from '../display/buckets.ts';
import { formatAge, formatCount } from '../display/format.ts';

/** Each marketplace: what Mirakl counts, where its orders are, how fresh that is. */
export function MarketplacesTable(props: { marketplaces: readonly MarketplaceBalance[]; now: number }) {
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="marketplaces-title">
      <Text id="marketplaces-title" component="h2" fw={650} size="lg">
        Marketplaces
      </Text>
      <Table.ScrollContainer minWidth={860}>
        <Table verticalSpacing="xs" mt="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Marketplace</Table.Th>
              <Table.Th ta="right">Mirakl counts</Table.Th>
              {BUCKETS.map((bucket) => (
                <Table.Th key={bucket} ta="right">
                  {BUCKET_LABELS[bucket]}
                </Table.Th>
              ))}
              <Table.Th ta="right">Difference</Table.Th>
              <Table.Th>Settled</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.marketplaces.map((marketplace) => (
              <MarketplaceRow key={marketplace.marketplaceId} marketplace={marketplace} now={props.now} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

function MarketplaceRow({ marketplace, now }: { marketplace: MarketplaceBalance; now: number }) {
  const { difference } = marketplace;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500}>
          {marketplace.name}
        </Text>
        <Text size="xs" c="dimmed">
          {marketplace.marketplaceId}
        </Text>
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {formatCount(marketplace.source.orders)}
        <MoneyLines amounts={marketplace.source} size="xs" />
      </Table.Td>
      {BUCKETS.map((bucket) => (
        <Table.Td key={bucket} ta="right" className="figures">
          {formatCount(marketplace.buckets[bucket].orders)}
        </Table.Td>
      ))}
      <Table.Td ta="right" className="figures">
        <Badge variant="light" color={difference.orders === 0 ? 'teal' : 'pink'}>
          {formatCount(difference.orders)}
        </Badge>
      </Table.Td>
      <Table.Td>
        <Text size="sm" c={marketplace.settled ? undefined : 'dimmed'}>
          {marketplace.settled ? formatAge(marketplace.asOf, now) : 'not yet'}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
