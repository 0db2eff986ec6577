import { useQuery } from '@tanstack/react-query';
import { getJson } from './client.ts';

export const BUCKETS = [
  'verified',
  'in_flight',
  'uncaptured_contact',
  'withheld',
  'failed',
  'erased',
  'not_a_sale',
] as const;
export type Bucket = (typeof BUCKETS)[number];

export interface Amounts {
  readonly orders: number;
  /** Per currency a decimal string. */
  readonly money: Readonly<Record<string, string>>;
  /** Orders whose amount is not known. */
  readonly unknownMoney: number;
}

interface Sheet {
  readonly source: Amounts;
  readonly captured: Amounts;
  readonly buckets: Readonly<Record<Bucket, Amounts>>;
  readonly difference: Amounts;
}

export interface Leak extends Amounts {
  readonly bucket: Bucket;
  readonly reason: string;
  readonly meaning: string;
  readonly owner: string;
  readonly severity: string;
  readonly whatToDo: string;
}

export interface MarketplaceBalance extends Sheet {
  readonly marketplaceId: string;
  readonly name: string;
  readonly settled: boolean;
  readonly asOf: string;
  readonly auditedAt: string | null;
}

export interface Balance extends Sheet {
  readonly asOf: string;
  readonly settled: boolean;
  readonly leaking: readonly Leak[];
  readonly marketplaces: readonly MarketplaceBalance[];
  readonly definitions: Readonly<Record<string, string>>;
}

const REFRESH_MS = 5_000;

export function useBalance() {
  return useQuery({
    queryKey: ['balance'],
    queryFn: ({ signal }) => getJson<Balance>('/balance', signal),
    refetchInterval: REFRESH_MS,
  });
}
