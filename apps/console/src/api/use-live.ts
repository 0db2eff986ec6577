import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { refresh } from './refresh.ts';

/** Follows the monitor's event stream: whenever something has changed, the numbers are asked for again. */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    const stream = new EventSource('/api/v1/live');
    stream.addEventListener('open', () => setLive(true));
    stream.addEventListener('error', () => setLive(false));
    stream.addEventListener('unavailable', () => setLive(false));
    stream.addEventListener('alive', () => setLive(true));
    stream.addEventListener('balance', () => {
      setLive(true);
      void queries.invalidateQueries({ queryKey: ['get', '/balance'] });
    });
    stream.addEventListener('exceptions', () => void refresh(queries, '/exceptions'));
    return () => stream.close();
  }, [queries]);
  return isLive;
}
