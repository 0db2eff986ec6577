import { Select, SimpleGrid, Stack } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { wanted } from '../address/href.ts';
import { useFilters } from '../address/use-filters.ts';
import { api } from '../api/client.ts';
import type { Balance } from '../api/model.ts';
import { MarketplacePicker } from '../display/marketplace-picker.tsx';
import { PeriodPicker } from '../display/period-picker.tsx';
import { PageHead } from '../display/section.tsx';
import { Loaded } from '../display/states.tsx';
import { BalanceLine } from './balance-line.tsx';
import { currenciesOf, inCurrency } from './in-currency.ts';
import { LeakingTable } from './leaking-table.tsx';
import { MarketplacesTable } from './marketplaces-table.tsx';
import { Trend } from './trend.tsx';
import { VerdictLine } from './verdict-line.tsx';
import { WhereOrdersWent } from './where-orders-went.tsx';

const FILTERS = ['marketplace', 'from', 'to', 'currency'] as const;
const REFRESH_MS = 10_000;

/** Is anything leaking, how much, whose job? */
export function OverviewPage() {
  const [filters, change] = useFilters(FILTERS);
  const { currency, ...narrowed } = filters;
  const balance = api.useQuery(
    'get',
    '/balance',
    { params: { query: wanted(narrowed) } },
    { refetchInterval: REFRESH_MS, placeholderData: keepPreviousData },
  );
  return (
    <Stack gap="md">
      <PageHead title="Overview" question="Is anything leaking, how much, whose job?">
        <MarketplacePicker value={filters.marketplace} onChange={(marketplace) => change({ marketplace })} />
        <PeriodPicker period={filters} onChange={change} />
        <CurrencyPicker
          balance={balance.data}
          value={currency}
          onChange={(chosen) => change({ currency: chosen })}
        />
      </PageHead>
      <Loaded query={balance} lines={12}>
        {(answer) => <Answer balance={inCurrency(answer, currency)} filters={narrowed} />}
      </Loaded>
    </Stack>
  );
}

interface CurrencyPickerProps {
  readonly balance: Balance | undefined;
  readonly value: string;
  readonly onChange: (currency: string) => void;
}

function CurrencyPicker({ balance, value, onChange }: CurrencyPickerProps) {
  return (
    <Select
      size="xs"
      w={130}
      aria-label="Money in which currency"
      placeholder="All currencies"
      data={balance === undefined ? [] : [...currenciesOf(balance)]}
      value={value === '' ? null : value}
      clearable
      clearButtonProps={{ 'aria-label': 'All currencies' }}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}

interface AnswerProps {
  readonly balance: Balance;
  readonly filters: Readonly<Record<'marketplace' | 'from' | 'to', string>>;
}

function Answer({ balance, filters }: AnswerProps) {
  return (
    <Stack gap="md">
      <VerdictLine balance={balance} />
      <BalanceLine balance={balance} filters={filters} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Stack gap="md">
          <WhereOrdersWent filters={filters} />
          <Trend marketplace={filters.marketplace} />
        </Stack>
        <Stack gap="md">
          <LeakingTable leaks={balance.leaking} filters={filters} />
          <MarketplacesTable marketplaces={balance.marketplaces} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}
