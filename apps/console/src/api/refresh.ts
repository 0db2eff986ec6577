import type { Query, QueryClient } from '@tanstack/react-query';

/** Asks again for every answer below one of these paths that a page shows now. */
export function refresh(queries: QueryClient, ...paths: readonly string[]): Promise<void> {
  return queries.invalidateQueries({ predicate: (query) => isBelow(query, paths) });
}

function isBelow({ queryKey }: Query, paths: readonly string[]): boolean {
  const path = queryKey[1];
  return typeof path === 'string' && paths.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}
