import { useCallback } from 'react';
import type { Operations } from '../api/model.ts';
import { Chart, type ChartInk } from '../display/chart.tsx';
import { formatCount, formatMinute } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Empty } from '../display/states.tsx';

/** What went through per minute in the last hour. */
export function ThroughputCard({ operations }: { operations: Operations }) {
  const { throughput } = operations;
  const draw = useCallback(
    (ink: ChartInk) => ({
      tooltip: { trigger: 'axis', confine: true },
      legend: { bottom: 0, textStyle: { color: ink.text }, icon: 'roundRect', itemWidth: 12, itemHeight: 8 },
      grid: { left: 8, right: 8, top: 12, bottom: 34, containLabel: true },
      xAxis: {
        type: 'category',
        data: throughput.map(({ minute }) => formatMinute(minute)),
        axisLabel: { color: ink.text, hideOverlap: true },
        axisLine: { lineStyle: { color: ink.line } },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        axisLabel: { color: ink.text },
        splitLine: { lineStyle: { color: ink.line } },
      },
      series: [
        {
          name: 'Captured',
          type: 'line',
          symbol: 'none',
          color: '#8a8fa3',
          data: throughput.map(({ captured }) => captured),
        },
        {
          name: 'Verified',
          type: 'line',
          symbol: 'none',
          color: ink.accent,
          data: throughput.map(({ verified }) => verified),
        },
      ],
    }),
    [throughput],
  );
  const sum = (name: 'captured' | 'verified') =>
    throughput.reduce((total, minute) => total + minute[name], 0);
  return (
    <Section title="Throughput" note="Words per minute, last hour">
      {throughput.length === 0 ? (
        <Empty title="A quiet hour">Nothing was captured or verified in the last hour.</Empty>
      ) : (
        <Chart
          label={`In the last hour ${formatCount(sum('captured'))} captured and ${formatCount(sum('verified'))} verified`}
          height={220}
          draw={draw}
        />
      )}
    </Section>
  );
}
