import { Card, Text, useComputedColorScheme } from '@mantine/core';
import { SankeyChart } from 'echarts/charts';
import { TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { BUCKETS, type MarketplaceBalance } from '../api/balance.ts';
import { BUCKET_COLORS, BUCKET_LABELS } from '../display/buckets.ts';
import { formatCount } from '../display/format.ts';

use([SankeyChart, TooltipComponent, CanvasRenderer]);

/** From each marketplace to the buckets its orders are in. The table of marketplaces says the same in figures. */
export function WhereOrdersWent({ marketplaces }: { marketplaces: readonly MarketplaceBalance[] }) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const option = JSON.stringify(optionOf(marketplaces, scheme));
  useEffect(() => {
    if (place.current === null) return undefined;
    const chart = init(place.current);
    chart.setOption(JSON.parse(option));
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option]);
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="went-title">
      <Text id="went-title" component="h2" fw={650} size="lg">
        Where orders went
      </Text>
      <div
        ref={place}
        style={{ height: 60 + Math.max(4, marketplaces.length) * 60 }}
        role="img"
        aria-label="Flow of orders from each marketplace to the buckets; the figures are in the table of marketplaces"
      />
    </Card>
  );
}

function optionOf(marketplaces: readonly MarketplaceBalance[], scheme: string): object {
  const links = marketplaces.flatMap((marketplace) =>
    BUCKETS.flatMap((bucket) => {
      const { orders } = marketplace.buckets[bucket];
      return orders === 0 ? [] : [{ source: marketplace.name, target: BUCKET_LABELS[bucket], value: orders }];
    }),
  );
  const used = BUCKETS.filter((bucket) => links.some(({ target }) => target === BUCKET_LABELS[bucket]));
  const total = (name: string) =>
    formatCount(
      links.reduce(
        (sum, { source, target, value }) => (source === name || target === name ? sum + value : sum),
        0,
      ),
    );
  const color = scheme === 'dark' ? '#c9cdd6' : '#343a46';
  const nodes = [
    ...marketplaces.map(({ name }) => ({ name, itemStyle: { color: '#5f7da6' } })),
    ...used.map((bucket) => ({ name: BUCKET_LABELS[bucket], itemStyle: { color: BUCKET_COLORS[bucket] } })),
  ].map((node) => ({ ...node, label: { formatter: `{b}  ${total(node.name)}`, color } }));
  return {
    animation: false,
    tooltip: { trigger: 'item', confine: true },
    series: [
      {
        type: 'sankey',
        data: nodes,
        links,
        left: 4,
        right: 190,
        top: 16,
        bottom: 8,
        nodeGap: 12,
        layoutIterations: 16,
        emphasis: { focus: 'adjacency' },
        lineStyle: { color: 'gradient', opacity: 0.35 },
      },
    ],
  };
}
