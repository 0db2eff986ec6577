import { api } from './client.ts';
import type { Me } from './model.ts';

/** Who is signed in; asked for once, and again when the window is looked at. */
export function useMe() {
  return api.useQuery('get', '/me', {}, { staleTime: 60_000 });
}

/** Whether the role of whoever is signed in may make this call (its operationId). False until that is known. */
export function useMay(operationId: string): boolean {
  const { data } = useMe();
  return data !== undefined && may(data, operationId);
}

export function may(me: Pick<Me, 'allowed'>, operationId: string): boolean {
  return me.allowed.includes(operationId);
}
