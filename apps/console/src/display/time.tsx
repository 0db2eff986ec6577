import { Tooltip } from '@mantine/core';
import { formatAge, formatMoment, TIME_ZONE } from './format.ts';
import { useNow } from './use-now.ts';

/** "3 minutes ago"; the moment and the time zone on hover. */
export function Age({ at, none = 'never' }: { at: string | null | undefined; none?: string }) {
  const now = useNow();
  if (at === null || at === undefined) return <span className="muted">{none}</span>;
  return (
    <Tooltip
      label={`${formatMoment(at)} (${TIME_ZONE})`}
      w="auto"
      events={{ hover: true, focus: false, touch: true }}
    >
      <time dateTime={at} className="figures">
        {formatAge(at, now)}
      </time>
    </Tooltip>
  );
}

/** A moment in the viewer's time zone; the column or page says which zone that is. */
export function Moment({ at, none = 'time unknown' }: { at: string | null | undefined; none?: string }) {
  if (at === null || at === undefined) return <span className="muted">{none}</span>;
  return (
    <time dateTime={at} className="figures">
      {formatMoment(at)}
    </time>
  );
}
