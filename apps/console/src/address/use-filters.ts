import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';

/** What a list is narrowed to. Empty text = not narrowed. */
export type Filters<Name extends string> = Readonly<Record<Name, string>>;

/**
 * Filters that live in the address, so that a colleague can be sent exactly this view, and Back undoes a change.
 * `names` must be a constant outside the component. Never put personal data in one.
 */
export function useFilters<const Name extends string>(
  names: readonly Name[],
): readonly [Filters<Name>, (change: Partial<Filters<Name>>) => void] {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => readFilters(names, params), [names, params]);
  const change = useCallback(
    (wanted: Partial<Filters<Name>>) => {
      setParams((current) => {
        const next = new URLSearchParams(current);
        for (const name of names) {
          const value = wanted[name];
          if (value === '') next.delete(name);
          else if (value !== undefined) next.set(name, value);
        }
        return next;
      });
    },
    [names, setParams],
  );
  return [filters, change];
}

function readFilters<Name extends string>(names: readonly Name[], params: URLSearchParams): Filters<Name> {
  const found: Partial<Record<Name, string>> = {};
  for (const name of names) found[name] = params.get(name) ?? '';
  if (!hasAll(names, found)) throw new Error('a filter was not read from the address');
  return found;
}

function hasAll<Name extends string>(
  names: readonly Name[],
  found: Partial<Record<Name, string>>,
): found is Record<Name, string> {
  return names.every((name) => found[name] !== undefined);
}
