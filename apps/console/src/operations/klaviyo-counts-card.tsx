import type { Operations } from '../api/model.ts';
import { DataTable } from '../display/data-table.tsx';
import { formatCount } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Empty } from '../display/states.tsx';

/** Klaviyo's own counts beside ours, per metric and day. */
export function KlaviyoCountsCard({ operations }: { operations: Operations }) {
  const { metricCounts } = operations;
  return (
    <Section
      title="Klaviyo’s own counts"
      note="Metric aggregates beside our delivery ledger, newest days first"
    >
      {metricCounts.length === 0 ? (
        <Empty title="Not counted yet">Klaviyo is asked once a day for each metric.</Empty>
      ) : (
        <DataTable
          label="Klaviyo's own counts"
          minWidth={420}
          rows={metricCounts.slice(0, 12)}
          rowId={({ metric, day }) => `${metric}|${day}`}
          columns={[
            { id: 'metric', header: 'Metric', cell: ({ metric }) => metric },
            { id: 'day', header: 'Day', cell: ({ day }) => day },
            {
              id: 'theirs',
              header: 'Klaviyo',
              align: 'right',
              cell: ({ klaviyoEvents }) => formatCount(klaviyoEvents),
            },
            {
              id: 'ours',
              header: 'Delivered',
              align: 'right',
              cell: ({ deliveredEvents }) => formatCount(deliveredEvents),
            },
            {
              id: 'difference',
              header: 'Difference',
              align: 'right',
              sortBy: ({ difference }) => Math.abs(difference),
              cell: ({ difference }) => (difference === 0 ? '0 ✓' : formatCount(difference)),
            },
          ]}
        />
      )}
    </Section>
  );
}
