import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/** Follows the monitor's event stream: whenever something has changed, the numbers are asked for again. */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    const stream = new EventSource('/api/v1/live');
    const refresh = () => void queries.invalidateQueries({ queryKey: ['balance'] });
    stream.addEventListener('open', () => setLive(true));
    stream.addEventListener('error', () => setLive(false));
    stream.addEventListener('balance', refresh);
    stream.addEventListener('message', refresh);
    return () => stream.close();
  }, [queries]);
  return isLive;
}
