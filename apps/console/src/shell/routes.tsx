import { Anchor, Text } from '@mantine/core';
import { type ComponentType, lazy, Suspense } from 'react';
import { Link, Route, Switch } from 'wouter';
import { Waiting } from '../display/states.tsx';
import { OverviewPage } from '../overview/overview-page.tsx';

// Each page is a file of its own, read when it is first opened; the first screen comes with the console itself.
const page = (read: () => Promise<ComponentType>) => lazy(async () => ({ default: await read() }));

const OrdersPage = page(async () => (await import('../orders/orders-page.tsx')).OrdersPage);
const ExceptionsPage = page(async () => (await import('../exceptions/exceptions-page.tsx')).ExceptionsPage);
const MarketplacesPage = page(
  async () => (await import('../marketplaces/marketplaces-page.tsx')).MarketplacesPage,
);
const MappingPage = page(async () => (await import('../mapping/mapping-page.tsx')).MappingPage);
const CampaignCheckPage = page(
  async () => (await import('../campaign-check/campaign-check-page.tsx')).CampaignCheckPage,
);
const ReviewPage = page(async () => (await import('../review/review-page.tsx')).ReviewPage);
const FinancePage = page(async () => (await import('../finance/finance-page.tsx')).FinancePage);
const OperationsPage = page(async () => (await import('../operations/operations-page.tsx')).OperationsPage);
const HelpPage = page(async () => (await import('../help/help-page.tsx')).HelpPage);

export function Pages() {
  return (
    <Suspense fallback={<Waiting lines={12} />}>
      <Switch>
        <Route path="/" component={OverviewPage} />
        <Route path="/orders" component={OrdersPage} />
        <Route path="/exceptions" component={ExceptionsPage} />
        <Route path="/marketplaces" component={MarketplacesPage} />
        <Route path="/mapping" component={MappingPage} />
        <Route path="/campaign-check" component={CampaignCheckPage} />
        <Route path="/review" component={ReviewPage} />
        <Route path="/finance" component={FinancePage} />
        <Route path="/operations" component={OperationsPage} />
        <Route path="/help" component={HelpPage} />
        <Route>
          <Text>
            There is no such page.{' '}
            <Anchor component={Link} href="/">
              To the overview
            </Anchor>
          </Text>
        </Route>
      </Switch>
    </Suspense>
  );
}
