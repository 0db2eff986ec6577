import type { EChartsCoreOption } from 'echarts/core';
import type { ChartInk } from './chart.tsx';

interface Counted {
  readonly orders: number;
}

export interface WeekCounts {
  readonly week: string;
  readonly captured: Counted;
  readonly verified: Counted;
  readonly leaking: Counted;
  readonly recovered: Counted;
}

/** Weeks as a picture: captured dashed, verified as an area, leaking and recovered as bars. */
export function weeksOption(weeks: readonly WeekCounts[], ink: ChartInk): EChartsCoreOption {
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
