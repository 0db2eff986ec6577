import { Badge, Button, Group, Progress, Text } from '@mantine/core';
import type { MappingCoverage } from '../api/model.ts';
import { Money } from '../display/amounts.tsx';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount, formatShare } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Empty } from '../display/states.tsx';
import { Age } from '../display/time.tsx';

type Coverage = MappingCoverage['marketplaces'][number];
type Field = Coverage['fields'][number];

interface CoverageTableProps {
  readonly coverage: Coverage;
  readonly onMap: (field: string) => void;
}

/** Every field seen, those that nobody maps first, weighed by the money of their orders. */
export function CoverageTable({ coverage, onMap }: CoverageTableProps) {
  return (
    <Section
      title="Fields seen"
      note={
        <>
          Mapped nowhere first, by the money of their orders · counted{' '}
          <Age at={coverage.asOf} none="not yet" />
        </>
      }
      actions={
        coverage.coverage === null ? undefined : (
          <div>
            <Text size="sm" className="figures">
              {formatShare(coverage.coverage)} mapped, by money
            </Text>
            <Progress
              value={coverage.coverage * 100}
              size={8}
              w={180}
              aria-label="Share that is mapped, by money"
            />
          </div>
        )
      }
    >
      {coverage.fields.length === 0 ? (
        <Empty title="No fields seen yet">They are counted as orders come in.</Empty>
      ) : (
        <DataTable
          label="Fields seen"
          rows={coverage.fields}
          rowId={({ field }) => field}
          minWidth={620}
          columns={columnsOf(onMap)}
        />
      )}
    </Section>
  );
}

function columnsOf(onMap: (field: string) => void): readonly Column<Field>[] {
  return [
    {
      id: 'field',
      header: 'Field',
      sortBy: ({ field }) => field,
      cell: (field) => <FieldName field={field} />,
    },
    {
      id: 'mapped',
      header: 'Mapped',
      sortBy: ({ mapped }) => (mapped ? 1 : 0),
      cell: ({ mapped }) =>
        mapped ? <Badge color="teal">mapped</Badge> : <Badge color="gray">dropped</Badge>,
    },
    {
      id: 'orders',
      header: 'Orders',
      align: 'right',
      sortBy: ({ orders }) => orders,
      cell: ({ orders }) => formatCount(orders),
    },
    {
      id: 'money',
      header: 'Their money',
      align: 'right',
      cell: ({ money }) => (money === null ? '–' : <Money of={money} />),
    },
    {
      id: 'example',
      header: 'Example',
      cell: ({ example }) => (example === null ? '' : <code>{example}</code>),
    },
    {
      id: 'map',
      header: 'Do',
      cell: ({ field, mapped }) =>
        mapped ? (
          ''
        ) : (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => onMap(field)}
            aria-label={`Map ${field}`}
          >
            Map
          </Button>
        ),
    },
  ];
}

function FieldName({ field }: { field: Field }) {
  const dropped = field.values.filter(({ mapped }) => !mapped);
  return (
    <>
      <code>{field.field}</code>
      {dropped.length > 0 && (
        <Group gap={4} mt={2}>
          {dropped.slice(0, 5).map(({ value, orders }) => (
            <Text key={value} size="xs" className="muted">
              {value} ({formatCount(orders)})
            </Text>
          ))}
        </Group>
      )}
    </>
  );
}
