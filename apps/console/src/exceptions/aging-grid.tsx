import { Anchor, Table } from '@mantine/core';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import { api } from '../api/client.ts';
import type { Aging } from '../api/model.ts';
import { formatCount, formatSums } from '../display/format.ts';
import { OWNER_LABELS } from '../display/owners.tsx';
import { Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import type { ExceptionFilter } from './exception-filter.ts';

type Row = Aging['rows'][number];

const AGES = {
  under_1d: 'Under a day',
  '1d_3d': '1 to 3 days',
  '3d_7d': '3 to 7 days',
  '7d_30d': '7 to 30 days',
  over_30d: 'Over 30 days',
} as const;

/** How old the gaps are: amount over count, by owner and reason. */
export function AgingGrid({ filter }: { filter: ExceptionFilter }) {
  const aging = api.useQuery(
    'get',
    '/exceptions/aging',
    { params: { query: filter } },
    { refetchInterval: 30_000 },
  );
  return (
    <Section title="Aging" note="Money over number of gaps, by how long the cause has held">
      <Loaded query={aging} lines={6}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="Nothing grows old">No exception matches, so there is nothing to age.</Empty>
          ) : (
            <Grid rows={rows} filter={filter} />
          )
        }
      </Loaded>
    </Section>
  );
}

function Grid({ rows, filter }: { rows: readonly Row[]; filter: ExceptionFilter }) {
  const most = Math.max(1, ...rows.flatMap(({ cells }) => cells.map(({ exceptions }) => exceptions)));
  return (
    <div className="table-scroll" role="region" aria-label="Aging grid" tabIndex={0}>
      <Table miw={760} horizontalSpacing={6} verticalSpacing={4} withRowBorders={false}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Whose job, reason</Table.Th>
            {Object.values(AGES).map((name) => (
              <Table.Th key={name} scope="col" className="right">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.owner}|${row.reason}`}>
              <Table.Th scope="row">
                {OWNER_LABELS[row.owner]} · <code>{row.reason}</code>
              </Table.Th>
              {row.cells.map((cell) => (
                <Table.Td key={cell.age} p={2}>
                  {cell.exceptions > 0 && (
                    <div className="heat figures" style={{ '--heat': `${heatOf(cell.exceptions, most)}%` }}>
                      <div>{formatSums(cell.money)}</div>
                      <Anchor
                        component={Link}
                        size="xs"
                        href={href('/exceptions', {
                          ...filter,
                          owner: row.owner,
                          reason: row.reason,
                          age: cell.age,
                          view: 'list',
                        })}
                      >
                        {formatCount(cell.exceptions)} gaps
                      </Anchor>
                    </div>
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** 4 to 28 per cent of the accent: enough to see, never so much that the words are hard to read. */
function heatOf(exceptions: number, most: number): number {
  return 4 + Math.round((24 * exceptions) / most);
}
