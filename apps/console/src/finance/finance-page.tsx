import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { wanted } from '../address/href.ts';
import { useFilters } from '../address/use-filters.ts';
import { api } from '../api/client.ts';
import type { Finance } from '../api/model.ts';
import { DataTable } from '../display/data-table.tsx';
import { Defined } from '../display/defined.tsx';
import { formatCount, formatMoment, formatMoney } from '../display/format.ts';
import { MarketplacePicker } from '../display/marketplace-picker.tsx';
import { PageHead, Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { useDefinitions } from '../display/use-definitions.ts';
import { useFinanceColumns } from './finance-columns.tsx';
import { FinanceDrill } from './finance-drill.tsx';

const FILTERS = ['marketplace', 'currency', 'from', 'to'] as const;
const DRILL = ['of', 'month', 'money'] as const;

/** Does the month reconcile? */
export function FinancePage() {
  const [filters, change] = useFilters(FILTERS);
  const [drill, changeDrill] = useFilters(DRILL);
  const query = wanted(filters);
  const finance = api.useQuery(
    'get',
    '/finance',
    { params: { query } },
    { placeholderData: keepPreviousData },
  );
  // Where nothing is chosen the monitor chooses: the fields show what it chose.
  const shown = finance.data;
  const search = new URLSearchParams(query).toString();
  const download = (kind: 'csv' | 'xlsx') =>
    `/api/v1/finance/export.${kind}${search === '' ? '' : `?${search}`}`;
  return (
    <Stack gap="md">
      <PageHead title="Finance" question="Does the month reconcile?">
        <MarketplacePicker value={filters.marketplace} onChange={(marketplace) => change({ marketplace })} />
        <MonthInput
          name="First month"
          value={filters.from || shown?.from}
          onChange={(from) => change({ from })}
        />
        <MonthInput name="Last month" value={filters.to || shown?.to} onChange={(to) => change({ to })} />
        <Button size="xs" variant="default" component="a" href={download('xlsx')} download>
          XLSX
        </Button>
        <Button size="xs" variant="default" component="a" href={download('csv')} download>
          CSV
        </Button>
      </PageHead>
      <Loaded query={finance} lines={10}>
        {(answer) => (
          <Stack gap="md">
            <Totals finance={answer} />
            <Rows
              finance={answer}
              onDrill={({ marketplaceId, month, currency }) =>
                changeDrill({ of: marketplaceId, month, money: currency })
              }
            />
          </Stack>
        )}
      </Loaded>
      <FinanceDrill
        marketplaceId={drill.of}
        month={drill.month}
        currency={drill.money}
        onClose={() => changeDrill({ of: '', month: '', money: '' })}
      />
    </Stack>
  );
}

interface MonthInputProps {
  readonly name: string;
  readonly value: string | undefined;
  readonly onChange: (month: string) => void;
}

function MonthInput({ name, value, onChange }: MonthInputProps) {
  return (
    <TextInput
      size="xs"
      type="month"
      aria-label={name}
      title={name}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Totals({ finance }: { finance: Finance }) {
  const define = useDefinitions();
  return (
    <Section
      title={`${finance.from} to ${finance.to}`}
      note={`As of ${formatMoment(finance.asOf)}; months in each marketplace’s own time zone`}
    >
      <Stack gap="sm">
        {finance.totals.map((total) => (
          <Group key={total.currency} gap="lg">
            {(['sales', 'cancelations', 'refunds', 'net', 'delivered', 'difference'] as const).map((name) => (
              <div key={name}>
                <Text size="xs" className="muted" component="div">
                  <Defined as={define(name)}>{name}</Defined>
                </Text>
                <Text fw={650} className="figures" data-testid={`total-${name}-${total.currency}`}>
                  {formatMoney(total[name], total.currency)}
                </Text>
              </div>
            ))}
            <div>
              <Text size="xs" className="muted">
                orders
              </Text>
              <Text fw={650} className="figures">
                {formatCount(total.orders)}
              </Text>
            </div>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}

function Rows({ finance, onDrill }: { finance: Finance; onDrill: (row: Finance['rows'][number]) => void }) {
  const columns = useFinanceColumns(onDrill);
  return (
    <Section
      title="By marketplace, month and currency"
      note="A difference is explained by what was not delivered"
    >
      {finance.rows.length === 0 ? (
        <Empty title="No orders in these months">
          Choose other months. A month appears as soon as one order of it was captured.
        </Empty>
      ) : (
        <DataTable
          label="Finance by marketplace, month and currency"
          rows={finance.rows}
          columns={columns}
          rowId={({ marketplaceId, month, currency }) => `${marketplaceId}|${month}|${currency}`}
          minWidth={980}
        />
      )}
    </Section>
  );
}
