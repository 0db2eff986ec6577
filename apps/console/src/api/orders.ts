import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Bucket } from './balance.ts';
import { getJson } from './client.ts';

export interface Money {
  readonly amount: string;
  readonly currency: string;
}

export interface OrderRow {
  readonly orderKey: string;
  readonly marketplaceId: string;
  readonly orderId: string;
  readonly commercialId: string | null;
  readonly state: string | null;
  readonly channel: string | null;
  readonly createdAt: string | null;
  readonly bucket: Bucket | null;
  readonly reason: string | null;
  readonly amount: Money | null;
}

export type Chapter = 'mirakl_said' | 'we_understood' | 'we_sent' | 'klaviyo_answered' | 'read_back';

export interface TimelineItem {
  readonly at: string;
  readonly chapter: Chapter;
  readonly what: string;
  readonly factId: string;
  readonly revision: number | null;
  readonly reason: string | null;
  readonly meaning: string | null;
  readonly detail: string | null;
  readonly state: string | null;
  readonly amount: Money | null;
  readonly eventIds: readonly string[];
}

export interface OrderStory extends OrderRow {
  readonly why: {
    readonly meaning: string;
    readonly owner: string;
    readonly ownerContact: string | null;
    readonly whatToDo: string;
    readonly resolvesWhen: string;
  } | null;
  readonly events: readonly {
    readonly eventId: string;
    readonly type: string;
    readonly outcome: string | null;
  }[];
  readonly timeline: readonly TimelineItem[];
}

/** Orders whose number begins with the text, or those behind a number on the overview. */
export interface OrdersFilter {
  readonly query: string;
  readonly bucket: string;
  readonly reason: string;
  readonly marketplace: string;
}

export function useOrders(filter: OrdersFilter) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== '') params.set(name, value);
  const search = params.toString();
  return useQuery({
    queryKey: ['orders', search],
    queryFn: ({ signal }) => getJson<{ readonly orders: readonly OrderRow[] }>(`/orders?${search}`, signal),
    enabled: search !== '',
    placeholderData: keepPreviousData,
  });
}

export function useOrderStory(orderKey: string) {
  return useQuery({
    queryKey: ['story', orderKey],
    queryFn: ({ signal }) => getJson<OrderStory>(`/orders/${encodeURIComponent(orderKey)}`, signal),
    enabled: orderKey !== '',
    refetchInterval: 3_000,
  });
}
