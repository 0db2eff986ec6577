import type { ContactClass } from '@watertight/contracts';

/** Every way an order can name its buyer, best first. */
export const CONTACT_CLASSES = [
  'direct',
  'relay',
  'placeholder',
  'malformed',
  'absent',
  'anonymised',
] as const satisfies readonly ContactClass[];
