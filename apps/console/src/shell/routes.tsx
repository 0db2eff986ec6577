import { Anchor, Text } from '@mantine/core';
import { Link, Route, Switch } from 'wouter';
import { ExceptionsPage } from '../exceptions/exceptions-page.tsx';
import { OrdersPage } from '../orders/orders-page.tsx';
import { OverviewPage } from '../overview/overview-page.tsx';

export function Pages() {
  return (
    <Switch>
      <Route path="/" component={OverviewPage} />
      <Route path="/orders" component={OrdersPage} />
      <Route path="/exceptions" component={ExceptionsPage} />
      <Route>
        <Text>
          There is no such page. <Anchor component={Link} href="/">To the overview</Anchor>
        </Text>
      </Route>
    </Switch>
  );
}
