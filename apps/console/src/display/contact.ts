/** How a buyer can be reached, in words. */
export const CONTACT_LABELS: Readonly<Record<string, string>> = {
  direct: 'Direct address',
  relay: 'Relay address',
  placeholder: 'Placeholder',
  malformed: 'Malformed address',
  absent: 'No address',
  anonymised: 'Anonymised',
  unknown: 'Not judged yet',
};

export function contactLabel(contactClass: string | null): string {
  return CONTACT_LABELS[contactClass ?? 'unknown'] ?? contactClass ?? 'Not judged yet';
}
