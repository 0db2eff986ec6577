import { useFilters } from '../address/use-filters.ts';
import { OrderStoryPage } from '../story/order-story-page.tsx';
import { OrdersList } from './orders-list.tsx';

const NAMES = ['order'] as const;

/** What happened to this order? The list, or the story of one of them. */
export function OrdersPage() {
  const [{ order }, change] = useFilters(NAMES);
  return order === '' ? (
    <OrdersList />
  ) : (
    <OrderStoryPage orderKey={order} onBack={() => change({ order: '' })} />
  );
}
