import { useCallback } from 'react';
import { api } from '../api/client.ts';

/** What each number counts, by its name in the API: the same sentence as in the docs. */
export function useDefinitions(): (name: string) => string | undefined {
  const { data } = api.useQuery('get', '/definitions', {}, { staleTime: Number.POSITIVE_INFINITY });
  return useCallback((name: string) => data?.definitions[name], [data]);
}
