import { Type } from 'typebox';

/** Field types that more than one part of marketplaces.yaml uses. */

export const Duration = (description: string, fallback: string) =>
  Type.String({
    pattern: '^\\d+(ms|s|m|h|d)$',
    default: fallback,
    description: `${description}: a duration such as 30s, 5m, 1h or 3d`,
  });

export const Timezone = Type.String({
  default: 'UTC',
  minLength: 1,
  description: 'an IANA time zone such as Europe/Paris',
});
