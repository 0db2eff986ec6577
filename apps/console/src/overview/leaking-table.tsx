import { Anchor, Badge, Card, Table, Text } from '@mantine/core';
import type { Leak } from '../api/balance.ts';
import { MoneyLines } from '../display/amounts.tsx';
import { BUCKET_LABELS } from '../display/buckets.ts';
import { formatCount } from '../display/format.ts';

interface LeakingTableProps {
  readonly leaks: readonly Leak[];
  readonly onOpen: (leak: Leak) => void;
}

/** Orders that are not verified, by reason: how many, how much, whose job, what to do. */
export function LeakingTable({ leaks, onOpen }: LeakingTableProps) {
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="leaking-title">
      <Text id="leaking-title" component="h2" fw={650} size="lg">
        Not verified, by reason
      </Text>
      {leaks.length === 0 ? (
        <Text c="dimmed" mt="sm">
          Nothing: every sale has been read back from Klaviyo. A reason appears here as soon as an order stops
          on its way.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={520}>
          <Table verticalSpacing="xs" mt="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Reason</Table.Th>
                <Table.Th ta="right">Orders</Table.Th>
                <Table.Th ta="right">Money</Table.Th>
                <Table.Th>Whose job</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {leaks.map((leak) => (
                <Table.Tr key={`${leak.bucket}|${leak.reason}`}>
                  <Table.Td>
                    <Anchor
                      component="button"
                      type="button"
                      ta="left"
                      size="sm"
                      fw={500}
                      onClick={() => onOpen(leak)}
                    >
                      {leak.meaning}
                    </Anchor>
                    <Text size="xs" c="dimmed">
                      {BUCKET_LABELS[leak.bucket]} · {leak.whatToDo}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {formatCount(leak.orders)}
                  </Table.Td>
                  <Table.Td ta="right">
                    <MoneyLines amounts={leak} size="xs" />
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="light" color={leak.bucket === 'failed' ? 'pink' : 'gray'}>
                      {leak.owner}
                    </Badge>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Card>
  );
}
