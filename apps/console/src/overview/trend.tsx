import { useCallback } from 'react';
import { wanted } from '../address/href.ts';
import { api } from '../api/client.ts';
import type { Trend as TrendAnswer } from '../api/model.ts';
import { Chart, type ChartInk } from '../display/chart.tsx';
import { formatCount } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { weeksOption } from '../display/weeks-option.ts';

type Week = TrendAnswer['weeks'][number];

/** Twelve weeks: captured, verified, leaking, recovered. */
export function Trend({ marketplace }: { marketplace: string }) {
  const trend = api.useQuery(
    'get',
    '/trend',
    { params: { query: wanted({ marketplace, weeks: '12' }) } },
    { refetchInterval: 60_000 },
  );
  return (
    <Section
      title="Twelve weeks"
      note="Orders by the week in which the buyer ordered; the last one still runs"
    >
      <Loaded query={trend} lines={8}>
        {({ weeks }) =>
          weeks.length === 0 ? (
            <Empty title="No weeks yet">The first week appears with the first order.</Empty>
          ) : (
            <TrendPicture weeks={weeks} />
          )
        }
      </Loaded>
    </Section>
  );
}

function TrendPicture({ weeks }: { weeks: readonly Week[] }) {
  const draw = useCallback((ink: ChartInk) => weeksOption(weeks, ink), [weeks]);
  const last = weeks.at(-1);
  return (
    <Chart
      label={`Orders per week, captured, verified, leaking and recovered; in the last week ${formatCount(last?.captured.orders ?? 0)} captured, ${formatCount(last?.verified.orders ?? 0)} verified, ${formatCount(last?.leaking.orders ?? 0)} leaking, ${formatCount(last?.recovered.orders ?? 0)} recovered`}
      height={260}
      draw={draw}
    />
  );
}
