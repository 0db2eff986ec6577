import { Badge } from '@mantine/core';
import type { Owner } from '../api/model.ts';

export const OWNERS = ['marketing', 'operations', 'platform'] as const;

export function isOwner(text: string): text is Owner {
  return OWNERS.some((owner) => owner === text);
}

export const OWNER_LABELS: Readonly<Record<Owner, string>> = {
  marketing: 'Marketing',
  operations: 'Operations',
  platform: 'Platform',
};

/** Whose job it is: the role, and the address of those who hold it where marketplaces.yaml names them. */
export function OwnerBadge({ owner, contact }: { owner: Owner; contact?: string | null }) {
  return (
    <Badge color="gray" title={contact ?? undefined}>
      {OWNER_LABELS[owner]}
    </Badge>
  );
}
