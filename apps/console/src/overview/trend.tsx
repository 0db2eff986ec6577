import type { EChartsCoreOption } from 'echarts/core';
import { useCallback } from 'react';
import { wanted } from '../address/href.ts';
import { api } from '../api/client.ts';
import type { Trend as TrendAnswer } from '../api/model.ts';
import { Chart, type ChartInk } from '../display/chart.tsx';
import { formatCount } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';

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
    <Section title="Twelve weeks" note="Orders by the week in which the buyer ordered; the last one still runs">
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
  const draw = useCallback((ink: ChartInk) => optionOf(weeks, ink), [weeks]);
  const last = weeks.at(-1);
  return (
    <Chart
      label={`Orders per week, captured, verified, leaking and recovered; in the last week ${formatCount(last?.captured.orders ?? 0)} captured, ${formatCount(last?.verified.orders ?? 0)} verified, ${formatCount(last?.leaking.orders ?? 0)} leaking, ${formatCount(last?.recovered.orders ?? 0)} recovered`}
      height={260}
      draw={draw}
    />
  );
}

function optionOf(weeks: readonly Week[], ink: ChartInk): EChartsCoreOption {
  const text = { color: ink.text };
  return {
    tooltip: { trigger: 'axis', confine: true },
    legend: { bottom: 0, textStyle: text, icon: 'roundRect', itemWidth: 12, itemHeight: 8 },
    grid: { left: 8, right: 8, top: 12, bottom: 34, containLabel: true },
    xAxis: {
      type: 'category',
      data: weeks.map(({ week }) => week),
      axisLabel: { ...text, hideOverlap: true },
      axisLine: { lineStyle: { color: ink.line } },
    },
    yAxis: { type: 'value', axisLabel: text, splitLine: { lineStyle: { color: ink.line } }, minInterval: 1 },
    series: [
      {
        name: 'Captured',
        type: 'line',
        data: weeks.map(({ captured }) => captured.orders),
        color: '#8a8fa3',
        symbol: 'none',
        lineStyle: { type: 'dashed' },
      },
      {
        name: 'Verified',
        type: 'line',
        data: weeks.map(({ verified }) => verified.orders),
        color: ink.accent,
        symbol: 'none',
        areaStyle: { opacity: 0.12 },
      },
      {
        name: 'Leaking',
        type: 'bar',
        data: weeks.map(({ leaking }) => leaking.orders),
        color: '#c2255c',
        barMaxWidth: 12,
      },
      {
        name: 'Recovered',
        type: 'bar',
        data: weeks.map(({ recovered }) => recovered.orders),
        color: '#e8a33d',
        barMaxWidth: 12,
      },
    ],
  };
}
