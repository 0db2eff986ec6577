import { api } from './client.ts';

/** Ids and names of all marketplaces, for pickers; from the balance, which knows also those that were removed. */
export function useMarketplaceNames(): readonly { readonly value: string; readonly label: string }[] {
  const { data } = api.useQuery('get', '/balance', {}, { staleTime: 30_000 });
  return (data?.marketplaces ?? []).map(({ marketplaceId, name }) => ({ value: marketplaceId, label: name }));
}
