import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import type { Operations } from '../api/model.ts';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount, formatDuration } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Age } from '../display/time.tsx';

/** Consumer lag in messages and in seconds, and what could not succeed. */
export function LanesCard({ operations }: { operations: Operations }) {
  const { lanes, kafka, deadLetters } = operations;
  return (
    <Section
      title="Lag"
      note={
        <>
          How far each service is behind, in messages and seconds · looked at <Age at={kafka.asOf} />
        </>
      }
    >
      <Stack gap="sm">
        {!kafka.reachable && (
          <Alert color="yellow" title="Kafka cannot be reached">
            {kafka.problem ?? 'The brokers do not answer.'} What is below is the last that was known.
          </Alert>
        )}
        <DataTable
          label="Consumer lag"
          minWidth={400}
          rows={lanes}
          rowId={({ group, topic }) => `${group}|${topic}`}
          columns={COLUMNS}
        />
        <Text size="sm" component="div">
          Dead letters:{' '}
          {deadLetters.every(({ messages }) => messages === 0)
            ? 'none'
            : deadLetters
                .filter(({ messages }) => messages > 0)
                .map(({ topic, messages }) => (
                  <Anchor
                    key={topic}
                    component={Link}
                    href={href('/operations', { view: 'dead-letters' })}
                    size="sm"
                  >
                    {topic}: {formatCount(messages)}{' '}
                  </Anchor>
                ))}
        </Text>
      </Stack>
    </Section>
  );
}

const COLUMNS: readonly Column<Operations['lanes'][number]>[] = [
  {
    id: 'lane',
    header: 'Service and topic',
    cell: ({ group, topic }) => (
      <>
        <Text size="sm" fw={500}>
          {group}
        </Text>
        <Text size="xs" className="muted">
          {topic}
        </Text>
      </>
    ),
  },
  {
    id: 'messages',
    header: 'Messages',
    align: 'right',
    sortBy: ({ messages }) => messages,
    cell: ({ messages }) => formatCount(messages),
  },
  {
    id: 'seconds',
    header: 'Behind',
    align: 'right',
    sortBy: ({ seconds }) => seconds ?? 0,
    cell: ({ seconds }) => (seconds === null ? '–' : formatDuration(seconds)),
  },
];
