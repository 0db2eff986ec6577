import { useComputedColorScheme } from '@mantine/core';
import { BarChart, HeatmapChart, LineChart, SankeyChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([
  BarChart,
  HeatmapChart,
  LineChart,
  SankeyChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  SVGRenderer,
]);

export interface ChartInk {
  readonly text: string;
  readonly line: string;
  readonly accent: string;
}

const INK: Readonly<Record<'light' | 'dark', ChartInk>> = {
  light: { text: '#343a46', line: '#dfe3e8', accent: '#0b7285' },
  dark: { text: '#c9cdd6', line: '#3a4048', accent: '#3bc9db' },
};

interface ChartProps {
  /** Says in words what the picture shows; the same figures must stand in a table or in text near it. */
  readonly label: string;
  readonly height: number;
  /** Pure: what to draw with these colours. Keep it stable (useCallback) or the chart is redrawn each time. */
  readonly draw: (ink: ChartInk) => EChartsCoreOption;
  readonly onPick?: (picked: unknown) => void;
}

/** A picture that follows its place's width and the colour scheme. */
export function Chart({ label, height, draw, onPick }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    if (place.current === null) return undefined;
    const drawn = init(place.current);
    chart.current = drawn;
    const observer = new ResizeObserver(() => drawn.resize());
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      drawn.dispose();
      chart.current = undefined;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption({ animation: false, ...draw(INK[scheme]) }, { notMerge: true });
  }, [draw, scheme]);
  useEffect(() => {
    const drawn = chart.current;
    if (drawn === undefined || onPick === undefined) return undefined;
    const listen = (event: { readonly data?: unknown }) => onPick(event.data);
    drawn.on('click', listen);
    return () => {
      if (!drawn.isDisposed()) drawn.off('click', listen);
    };
  }, [onPick]);
  return <div ref={place} style={{ height }} role="img" aria-label={label} />;
}
