import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { PAGES } from './pages.ts';

/** Between the two keys of "g o". */
const SEQUENCE_MS = 1_200;

/** Keys for every page, and `/` for the search box; silent while one writes in a field or a dialog is open. */
export function useShortcuts(focusSearch: () => void): void {
  const [, navigate] = useLocation();
  const first = useRef({ key: '', at: 0 });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
      const led = first.current.key === 'g' && event.timeStamp - first.current.at < SEQUENCE_MS;
      first.current = { key: event.key, at: event.timeStamp };
      if (event.key === '/') {
        event.preventDefault();
        focusSearch();
        return;
      }
      const keys = led ? `g ${event.key}` : event.key;
      const page = PAGES.find((candidate) => candidate.keys === keys);
      if (page === undefined) return;
      event.preventDefault();
      navigate(page.path);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [focusSearch, navigate]);
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"]') !== null) return true;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
