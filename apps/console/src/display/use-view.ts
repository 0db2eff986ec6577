import { useCallback, useSyncExternalStore } from 'react';

/** What is looked at, kept in the address so that a colleague can be sent exactly this view. No personal data. */
export interface View {
  readonly query: string;
  readonly bucket: string;
  readonly reason: string;
  readonly marketplace: string;
  readonly order: string;
}

const NAMES = ['query', 'bucket', 'reason', 'marketplace', 'order'] as const;
const CHANGED = 'watertight-view';

export const EMPTY_VIEW: View = { query: '', bucket: '', reason: '', marketplace: '', order: '' };

function subscribe(onChange: () => void): () => void {
  addEventListener('popstate', onChange);
  addEventListener(CHANGED, onChange);
  return () => {
    removeEventListener('popstate', onChange);
    removeEventListener(CHANGED, onChange);
  };
}

export function useView(): [View, (change: Partial<View>) => void] {
  const search = useSyncExternalStore(subscribe, () => location.search);
  const params = new URLSearchParams(search);
  const read = (name: (typeof NAMES)[number]) => params.get(name) ?? '';
  const view: View = {
    query: read('query'),
    bucket: read('bucket'),
    reason: read('reason'),
    marketplace: read('marketplace'),
    order: read('order'),
  };
  const change = useCallback((wanted: Partial<View>) => {
    const next = new URLSearchParams(location.search);
    for (const name of NAMES) {
      const value = wanted[name];
      if (value === '') next.delete(name);
      else if (value !== undefined) next.set(name, value);
    }
    const text = next.toString();
    history.pushState(null, '', text === '' ? location.pathname : `?${text}`);
    dispatchEvent(new Event(CHANGED));
  }, []);
  return [view, change];
}
