import { Table, Text } from '@mantine/core';
import type { OrderStory } from '../api/model.ts';
import { Money } from '../display/amounts.tsx';
import { type Column, DataTable } from '../display/data-table.tsx';
import { Section } from '../display/section.tsx';
import { Age, Moment } from '../display/time.tsx';

/** The amounts, the buyer events with Klaviyo's last word on each, the refunds. */
export function StoryFacts({ story }: { story: OrderStory }) {
  const { amounts, events, refunds, orderKey } = story;
  return (
    <>
      <Section title="Amounts">
        <Table variant="vertical" layout="fixed" withRowBorders={false}>
          <Table.Tbody>
            <AmountRow name="What the buyer pays the seller" amount={amounts.amount} />
            <AmountRow name="Without tax" amount={amounts.amountWithoutTax} />
            <AmountRow name="As Mirakl's own sweep has it" amount={amounts.source} />
          </Table.Tbody>
        </Table>
      </Section>
      <Section title="Buyer events" note="Each becomes one event in Klaviyo, found again by its id">
        {events.length === 0 ? (
          <Text size="sm" className="muted">
            None were made: without a usable contact, or before the order is a sale, nothing is sent.
          </Text>
        ) : (
          <DataTable
            label="Buyer events"
            minWidth={320}
            rows={events}
            rowId={({ eventId }) => eventId}
            columns={eventColumns(orderKey)}
          />
        )}
      </Section>
      {refunds.length > 0 && (
        <Section title="Refunds, cancelations, returns">
          <DataTable
            label="Refunds, cancelations, returns"
            minWidth={360}
            rows={refunds}
            rowId={({ kind, id }) => `${kind}|${id}`}
            columns={[
              { id: 'kind', header: 'What', cell: ({ kind, id }) => `${kind} ${id}` },
              {
                id: 'state',
                header: 'State',
                cell: ({ state, final }) => `${state ?? 'unknown'}${final ? '' : ' (not final)'}`,
              },
              { id: 'amount', header: 'Amount', align: 'right', cell: ({ amount }) => <Money of={amount} /> },
              { id: 'at', header: 'Created', cell: ({ createdAt }) => <Moment at={createdAt} /> },
            ]}
          />
        </Section>
      )}
    </>
  );
}

function eventColumns(orderKey: string): readonly Column<OrderStory['events'][number]>[] {
  return [
    {
      id: 'event',
      header: 'Event',
      cell: ({ eventId }) => <code>{eventId.slice(orderKey.length + 1)}</code>,
    },
    {
      id: 'outcome',
      header: 'Klaviyo',
      cell: ({ outcome, reason }) => `${outcome ?? 'waiting'}${reason === null ? '' : ` · ${reason}`}`,
    },
    { id: 'at', header: 'When', cell: ({ at }) => <Age at={at} none="–" /> },
  ];
}

function AmountRow({ name, amount }: { name: string; amount: OrderStory['amount'] }) {
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td className="right">
        <Money of={amount} />
      </Table.Td>
    </Table.Tr>
  );
}
