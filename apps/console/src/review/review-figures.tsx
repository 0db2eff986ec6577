import { SimpleGrid, Text } from '@mantine/core';
import { useCallback } from 'react';
import type { Review } from '../api/model.ts';
import { MoneyLines } from '../display/amounts.tsx';
import { Chart, type ChartInk } from '../display/chart.tsx';
import { type Column, DataTable } from '../display/data-table.tsx';
import { Defined } from '../display/defined.tsx';
import { formatCount, formatShare } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Empty } from '../display/states.tsx';
import { useDefinitions } from '../display/use-definitions.ts';
import { weeksOption } from '../display/weeks-option.ts';

const TOTALS = ['captured', 'verified', 'leaking', 'recovered'] as const;

/** The week's totals beside the four weeks before, and each marketplace. */
export function ReviewFigures({ review }: { review: Review }) {
  const define = useDefinitions();
  const draw = useCallback((ink: ChartInk) => weeksOption(review.trend, ink), [review.trend]);
  return (
    <>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        {TOTALS.map((name) => (
          <div className="card" key={name}>
            <Text size="sm" className="muted" component="div">
              <Defined as={define(name)}>{name}</Defined>
            </Text>
            <Text
              size="xl"
              fw={650}
              className={name === 'leaking' && review.totals.leaking.orders > 0 ? 'figures leak' : 'figures'}
            >
              {formatCount(review.totals[name].orders)}
            </Text>
            <MoneyLines amounts={review.totals[name]} size="xs" />
            <Text size="xs" className="muted figures">
              {comparedWithBefore(review, name)}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Section title="This week and the four before">
          <Chart
            label="Orders per week: captured, verified, leaking, recovered; the totals above give this week in figures"
            height={230}
            draw={draw}
          />
        </Section>
        <Section title="By marketplace" note={`${formatCount(review.alerts)} alerts began in the week`}>
          {review.marketplaces.length === 0 ? (
            <Empty title="No marketplaces">Nothing was captured in this week.</Empty>
          ) : (
            <ByMarketplace marketplaces={review.marketplaces} />
          )}
        </Section>
      </SimpleGrid>
    </>
  );
}

/** "+12 % against the mean of four weeks": only when there were any. */
function comparedWithBefore(review: Review, name: (typeof TOTALS)[number]): string {
  const before = review.trend.filter(({ week }) => week !== review.week).map((week) => week[name].orders);
  const mean = before.length === 0 ? 0 : before.reduce((sum, orders) => sum + orders, 0) / before.length;
  if (mean === 0) return 'nothing in the weeks before';
  const change = review.totals[name].orders / mean - 1;
  return `${change >= 0 ? '+' : '−'}${formatShare(Math.abs(change))} against the four weeks before`;
}

function ByMarketplace({ marketplaces }: { marketplaces: Review['marketplaces'] }) {
  return (
    <DataTable
      label="The week by marketplace"
      minWidth={420}
      rows={marketplaces}
      rowId={({ marketplaceId }) => marketplaceId}
      columns={COLUMNS}
    />
  );
}

const COLUMNS: readonly Column<Review['marketplaces'][number]>[] = [
  { id: 'name', header: 'Marketplace', cell: ({ name }) => name },
  {
    id: 'captured',
    header: 'Captured',
    align: 'right',
    cell: ({ captured }) => formatCount(captured.orders),
  },
  {
    id: 'verified',
    header: 'Verified',
    align: 'right',
    cell: ({ verified }) => formatCount(verified.orders),
  },
  { id: 'leaking', header: 'Leaking', align: 'right', cell: ({ leaking }) => formatCount(leaking.orders) },
  {
    id: 'difference',
    header: 'Difference',
    align: 'right',
    cell: ({ difference }) => formatCount(difference.orders),
  },
];
