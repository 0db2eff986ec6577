import { Badge } from '@mantine/core';
import type { Marketplace } from '../api/model.ts';

type Health = Marketplace['health'];

const HEALTH: Readonly<Record<Health, { readonly label: string; readonly color: string }>> = {
  fresh: { label: 'fresh', color: 'teal' },
  late: { label: 'late', color: 'yellow' },
  failing: { label: 'failing', color: 'orange' },
  silent: { label: 'never read', color: 'gray' },
};

export function HealthBadge({ health }: { health: Health }) {
  return (
    <Badge variant="dot" color={HEALTH[health].color} data-testid="health">
      {HEALTH[health].label}
    </Badge>
  );
}
