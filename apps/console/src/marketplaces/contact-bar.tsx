import { Group, Progress, Stack, Text } from '@mantine/core';
import type { Marketplace } from '../api/model.ts';
import { contactLabel } from '../display/contact.ts';
import { formatCount, formatShare } from '../display/format.ts';

type Shares = Pick<Marketplace['contacts'], 'orders' | 'classes' | 'directShare'>;

/** From good to useless, told apart by lightness too. */
export const CONTACT_COLORS: Readonly<Record<string, string>> = {
  direct: '#0b7285',
  relay: '#66a9c9',
  placeholder: '#e8a33d',
  malformed: '#b9770e',
  absent: '#8a8fa3',
  anonymised: '#5c5f77',
};

/** How buyers of a marketplace can be reached, as one bar with its figures in words. */
export function ContactBar({ shares, name }: { shares: Shares; name: string }) {
  const classes = Object.entries(shares.classes).filter(([, orders]) => orders > 0);
  if (shares.orders === 0) {
    return (
      <Text size="sm" className="muted">
        {name}: no orders judged
      </Text>
    );
  }
  return (
    <Stack gap={2}>
      <Text size="xs" className="muted figures">
        {name}: {shares.directShare === null ? '–' : formatShare(shares.directShare)} direct of{' '}
        {formatCount(shares.orders)} orders
      </Text>
      <Progress.Root size={10} aria-hidden="true">
        {classes.map(([contactClass, orders]) => (
          <Progress.Section
            key={contactClass}
            value={(100 * orders) / shares.orders}
            color={CONTACT_COLORS[contactClass] ?? '#8a8fa3'}
          />
        ))}
      </Progress.Root>
      <Group gap="sm">
        {classes.map(([contactClass, orders]) => (
          <Text key={contactClass} size="xs" className="figures">
            <span className="swatch" style={{ '--bucket': CONTACT_COLORS[contactClass] ?? '#8a8fa3' }} />{' '}
            {contactLabel(contactClass)} {formatCount(orders)}
          </Text>
        ))}
      </Group>
    </Stack>
  );
}
