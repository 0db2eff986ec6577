import { SimpleGrid, Stack } from '@mantine/core';
import type { EChartsCoreOption } from 'echarts/core';
import { useCallback } from 'react';
import type { MarketplaceDetail } from '../api/model.ts';
import { Chart, type ChartInk } from '../display/chart.tsx';
import { contactLabel } from '../display/contact.ts';
import { DataTable } from '../display/data-table.tsx';
import { formatCount, formatShare } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Empty } from '../display/states.tsx';
import { CONTACT_COLORS } from './contact-bar.tsx';

/** How its buyers could be reached, by day and by country, and the opt-in rate by day. */
export function ContactHistory({ detail }: { detail: MarketplaceDetail }) {
  const { contactDays, contactCountries, consentDays } = detail;
  const drawContacts = useCallback((ink: ChartInk) => contactsOption(contactDays, ink), [contactDays]);
  const drawConsents = useCallback((ink: ChartInk) => consentsOption(consentDays, ink), [consentDays]);
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Section title="Contacts by day" note="Orders of the last 60 days, by how the buyer can be reached">
        {contactDays.length === 0 ? (
          <Empty title="No orders in 60 days">The picture begins with the next order.</Empty>
        ) : (
          <Chart
            label="Orders by day and class of contact; the countries beside it give the same in figures"
            height={240}
            draw={drawContacts}
          />
        )}
      </Section>
      <Stack gap="md">
        <Section title="Contacts by country" note="Where it was shipped to, last 60 days">
          {contactCountries.length === 0 ? (
            <Empty title="No orders in 60 days">Countries appear with the orders.</Empty>
          ) : (
            <DataTable
              label="Contacts by country"
              minWidth={300}
              rows={contactCountries}
              rowId={({ country }) => country ?? 'unknown'}
              columns={[
                { id: 'country', header: 'Country', cell: ({ country }) => country ?? 'unknown' },
                {
                  id: 'orders',
                  header: 'Orders',
                  align: 'right',
                  sortBy: ({ orders }) => orders,
                  cell: ({ orders }) => formatCount(orders),
                },
                {
                  id: 'direct',
                  header: 'Direct',
                  align: 'right',
                  sortBy: ({ directShare }) => directShare ?? -1,
                  cell: ({ directShare }) => (directShare === null ? '–' : formatShare(directShare)),
                },
              ]}
            />
          )}
        </Section>
        {consentDays.length > 1 && (
          <Section title="Opt-in rate by day" note="Read from Klaviyo; this system never changes it">
            <Chart
              label={`Opt-in rate by day; on the last day ${formatShare(consentDays.at(-1)?.optInRate ?? 0)}`}
              height={200}
              draw={drawConsents}
            />
          </Section>
        )}
      </Stack>
    </SimpleGrid>
  );
}

function contactsOption(days: MarketplaceDetail['contactDays'], ink: ChartInk): EChartsCoreOption {
  const classes = Object.keys(CONTACT_COLORS).filter((name) =>
    days.some((day) => (day.classes[name] ?? 0) > 0),
  );
  return {
    ...frame(
      days.map(({ day }) => day),
      ink,
    ),
    legend: { bottom: 0, textStyle: { color: ink.text }, icon: 'roundRect', itemWidth: 12, itemHeight: 8 },
    series: classes.map((name) => ({
      name: contactLabel(name),
      type: 'bar',
      stack: 'contacts',
      data: days.map((day) => day.classes[name] ?? 0),
      color: CONTACT_COLORS[name],
    })),
  };
}

function consentsOption(days: MarketplaceDetail['consentDays'], ink: ChartInk): EChartsCoreOption {
  return {
    ...frame(
      days.map(({ day }) => day),
      ink,
    ),
    yAxis: {
      type: 'value',
      min: 0,
      max: 1,
      axisLabel: { color: ink.text, formatter: (value: number) => formatShare(value) },
      splitLine: { lineStyle: { color: ink.line } },
    },
    series: [
      {
        name: 'Opt-in rate',
        type: 'line',
        symbol: days.length === 1 ? 'circle' : 'none',
        data: days.map(({ optInRate }) => optInRate),
        color: ink.accent,
      },
    ],
  };
}

function frame(days: readonly string[], ink: ChartInk): EChartsCoreOption {
  return {
    tooltip: { trigger: 'axis', confine: true },
    grid: { left: 8, right: 8, top: 12, bottom: 34, containLabel: true },
    xAxis: {
      type: 'category',
      data: days,
      axisLabel: { color: ink.text, hideOverlap: true },
      axisLine: { lineStyle: { color: ink.line } },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      axisLabel: { color: ink.text },
      splitLine: { lineStyle: { color: ink.line } },
    },
  };
}
