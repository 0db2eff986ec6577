import { Alert, SimpleGrid, Stack } from '@mantine/core';
import { useBalance } from '../api/balance.ts';
import { EMPTY_VIEW, useView } from '../display/use-view.ts';
import { useNow } from '../display/use-now.ts';
import { BalanceLine, BalanceLineSkeleton } from './balance-line.tsx';
import { LeakingTable } from './leaking-table.tsx';
import { MarketplacesTable } from './marketplaces-table.tsx';
import { WhereOrdersWent } from './where-orders-went.tsx';

/** Is anything leaking, how much, whose job? */
export function OverviewPage() {
  const { data: balance, error, dataUpdatedAt } = useBalance();
  const [, changeView] = useView();
  const now = useNow();
  const ageSeconds = Math.round((now - dataUpdatedAt) / 1_000);
  const isStale = balance !== undefined && ageSeconds > 20;
  return (
    <Stack gap="md">
      {error !== null && (
        <Alert
          color="yellow"
          title={balance === undefined ? 'The balance cannot be read' : 'Not refreshed'}
          role="alert"
        >
          {error.message}
          {isStale && ` What you see is ${ageSeconds} seconds old.`}
        </Alert>
      )}
      {balance === undefined ? (
        error === null && <BalanceLineSkeleton />
      ) : (
        <>
          <BalanceLine balance={balance} onBucket={(bucket) => changeView({ ...EMPTY_VIEW, bucket })} />
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
            <WhereOrdersWent marketplaces={balance.marketplaces} />
            <LeakingTable
              leaks={balance.leaking}
              onOpen={({ bucket, reason }) => changeView({ ...EMPTY_VIEW, bucket, reason })}
            />
          </SimpleGrid>
          <MarketplacesTable marketplaces={balance.marketplaces} now={now} />
        </>
      )}
    </Stack>
  );
}
