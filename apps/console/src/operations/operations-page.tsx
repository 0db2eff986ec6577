import { SimpleGrid, Stack, Tabs } from '@mantine/core';
import { useFilters } from '../address/use-filters.ts';
import { api } from '../api/client.ts';
import { PageHead } from '../display/section.tsx';
import { Loaded } from '../display/states.tsx';
import { AlertsTab } from './alerts-tab.tsx';
import { AuditTab } from './audit-tab.tsx';
import { BackfillsCard } from './backfills-card.tsx';
import { DeadLettersTab } from './dead-letters-tab.tsx';
import { DeliveryCard } from './delivery-card.tsx';
import { ErasuresTab } from './erasures-tab.tsx';
import { KlaviyoCountsCard } from './klaviyo-counts-card.tsx';
import { LanesCard } from './lanes-card.tsx';
import { PollersCard } from './pollers-card.tsx';
import { ThroughputCard } from './throughput-card.tsx';

const FILTERS = ['view'] as const;

/** Is the machinery well? */
export function OperationsPage() {
  const [{ view }, change] = useFilters(FILTERS);
  return (
    <Stack gap="md">
      <PageHead title="Operations" question="Is the machinery well?" />
      <Tabs
        value={view === '' ? 'now' : view}
        onChange={(tab) => change({ view: tab ?? '' })}
        keepMounted={false}
      >
        <Tabs.List mb="sm">
          <Tabs.Tab value="now">Now</Tabs.Tab>
          <Tabs.Tab value="dead-letters">Dead letters</Tabs.Tab>
          <Tabs.Tab value="alerts">Alerts</Tabs.Tab>
          <Tabs.Tab value="erasures">Erasures</Tabs.Tab>
          <Tabs.Tab value="audit">Audit log</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="now">
          <Now />
        </Tabs.Panel>
        <Tabs.Panel value="dead-letters">
          <DeadLettersTab />
        </Tabs.Panel>
        <Tabs.Panel value="alerts">
          <AlertsTab />
        </Tabs.Panel>
        <Tabs.Panel value="erasures">
          <ErasuresTab />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <AuditTab />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Now() {
  const operations = api.useQuery('get', '/operations', {}, { refetchInterval: 5_000 });
  return (
    <Loaded query={operations} lines={12}>
      {(answer) => (
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            <Stack gap="md">
              <LanesCard operations={answer} />
              <KlaviyoCountsCard operations={answer} />
            </Stack>
            <Stack gap="md">
              <DeliveryCard operations={answer} />
              <PollersCard operations={answer} />
              <ThroughputCard operations={answer} />
            </Stack>
          </SimpleGrid>
          <BackfillsCard />
        </Stack>
      )}
    </Loaded>
  );
}
