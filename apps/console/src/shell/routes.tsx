import { Anchor, Text } from '@mantine/core';
import { Link, Route, Switch } from 'wouter';
import { CampaignCheckPage } from '../campaign-check/campaign-check-page.tsx';
import { ExceptionsPage } from '../exceptions/exceptions-page.tsx';
import { FinancePage } from '../finance/finance-page.tsx';
import { HelpPage } from '../help/help-page.tsx';
import { MappingPage } from '../mapping/mapping-page.tsx';
import { MarketplacesPage } from '../marketplaces/marketplaces-page.tsx';
import { OperationsPage } from '../operations/operations-page.tsx';
import { OrdersPage } from '../orders/orders-page.tsx';
import { OverviewPage } from '../overview/overview-page.tsx';
import { ReviewPage } from '../review/review-page.tsx';

export function Pages() {
  return (
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
  );
}
