import { List, Switch } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { EChartsCoreOption } from 'echarts/core';
import { useCallback, useState } from 'react';
import { useLocation } from 'wouter';
import { href, wanted } from '../address/href.ts';
import { api } from '../api/client.ts';
import type { Flow } from '../api/model.ts';
import { BUCKET_COLORS, BUCKET_LABELS, BUCKETS } from '../display/buckets.ts';
import { Chart, type ChartInk } from '../display/chart.tsx';
import { CONTACT_LABELS, contactLabel } from '../display/contact.ts';
import { formatCount, formatSums } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';

type Link = Flow['links'][number];

interface WhereOrdersWentProps {
  readonly filters: Readonly<Record<'marketplace' | 'from' | 'to', string>>;
}

/** From each marketplace, over the class of the contact, to the buckets its orders are in. */
export function WhereOrdersWent({ filters }: WhereOrdersWentProps) {
  const flow = api.useQuery(
    'get',
    '/flow',
    { params: { query: wanted(filters) } },
    { refetchInterval: 20_000 },
  );
  // On a phone the words of the picture would lie over each other.
  const isNarrow = useMediaQuery('(max-width: 36em)');
  const [wish, setWish] = useState<boolean>();
  const isListed = wish ?? isNarrow;
  return (
    <Section
      title="Where orders went"
      note="Marketplace → contact → bucket, in orders"
      actions={
        <Switch
          size="xs"
          label="As a list"
          checked={isListed}
          onChange={(event) => setWish(event.currentTarget.checked)}
        />
      }
    >
      <Loaded query={flow} lines={8}>
        {({ links }) =>
          links.length === 0 ? (
            <Empty title="No orders yet">
              As soon as the first poll is complete, the flow is drawn here.
            </Empty>
          ) : isListed ? (
            <FlowList links={links} />
          ) : (
            <FlowPicture links={links} />
          )
        }
      </Loaded>
    </Section>
  );
}

function FlowPicture({ links }: { links: readonly Link[] }) {
  const [, navigate] = useLocation();
  const draw = useCallback((ink: ChartInk) => optionOf(links, ink), [links]);
  const open = useCallback(
    (picked: unknown) => {
      const bucket = BUCKETS.find((name) => nameIn(picked) === BUCKET_LABELS[name]);
      if (bucket !== undefined) navigate(href('/orders', { bucket }));
    },
    [navigate],
  );
  const places = new Set(links.map(({ marketplaceId }) => marketplaceId)).size;
  return (
    <Chart
      label="Flow of orders from each marketplace over the class of contact to the buckets; the same figures are in the list"
      height={Math.max(300, 60 + places * 70)}
      draw={draw}
      onPick={open}
    />
  );
}

function nameIn(picked: unknown): string {
  if (typeof picked !== 'object' || picked === null) return '';
  if ('target' in picked) return String(picked.target);
  return 'name' in picked ? String(picked.name) : '';
}

function FlowList({ links }: { links: readonly Link[] }) {
  return (
    <List size="sm" spacing={4}>
      {links.map((link) => (
        <List.Item key={`${link.marketplaceId}|${link.contactClass}|${link.bucket}`} className="figures">
          {link.marketplaceName} → {contactLabel(link.contactClass)} → {BUCKET_LABELS[link.bucket]}:{' '}
          {formatCount(link.orders)} orders, {formatSums(link.money)}
        </List.Item>
      ))}
    </List>
  );
}

function optionOf(links: readonly Link[], ink: ChartInk): EChartsCoreOption {
  const joined = new Map<string, { source: string; target: string; value: number }>();
  const add = (source: string, target: string, value: number) => {
    const key = `${source}|${target}`;
    const link = joined.get(key) ?? { source, target, value: 0 };
    joined.set(key, { ...link, value: link.value + value });
  };
  for (const { marketplaceName, contactClass, bucket, orders } of links) {
    add(marketplaceName, contactLabel(contactClass), orders);
    add(contactLabel(contactClass), BUCKET_LABELS[bucket], orders);
  }
  const all = [...joined.values()];
  const totalOf = (name: string) =>
    Math.max(
      all.filter(({ source }) => source === name).reduce((sum, { value }) => sum + value, 0),
      all.filter(({ target }) => target === name).reduce((sum, { value }) => sum + value, 0),
    );
  const names = [...new Set(all.flatMap(({ source, target }) => [source, target]))];
  const data = names.map((name) => {
    const bucket = BUCKETS.find((one) => BUCKET_LABELS[one] === name);
    const isEnd = bucket !== undefined;
    const isContact = Object.values(CONTACT_LABELS).includes(name);
    return {
      name,
      itemStyle: { color: isEnd ? BUCKET_COLORS[bucket] : isContact ? '#9aa7b5' : '#5f7da6' },
      label: {
        formatter: `{b}  ${formatCount(totalOf(name))}`,
        color: ink.text,
        position: 'right',
      },
    };
  });
  return {
    tooltip: { trigger: 'item', confine: true },
    series: [
      {
        type: 'sankey',
        data,
        links: all,
        left: 4,
        // Room for the names of the buckets.
        right: 104,
        top: 10,
        bottom: 10,
        nodeWidth: 12,
        nodeGap: 14,
        layoutIterations: 24,
        emphasis: { focus: 'adjacency' },
        lineStyle: { color: 'gradient', opacity: 0.3 },
      },
    ],
  };
}
