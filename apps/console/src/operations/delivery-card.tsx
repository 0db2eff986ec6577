import { Group, Progress, Stack, Text } from '@mantine/core';
import type { Operations } from '../api/model.ts';
import { formatCount, formatDuration, formatShare } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Empty } from '../display/states.tsx';
import { Age } from '../display/time.tsx';

type Delivery = Operations['delivery'][number];

/** Klaviyo's quota, both windows, and what is under way there, by replica. */
export function DeliveryCard({ operations }: { operations: Operations }) {
  return (
    <Section title="Klaviyo" note="Quota used in each window, and what waits there">
      {operations.delivery.length === 0 ? (
        <Empty title="Nothing said yet">klaviyo-writer says how it stands as soon as it runs.</Empty>
      ) : (
        <Stack gap="md">
          {operations.delivery.map((delivery) => (
            <Replica key={delivery.replica} delivery={delivery} />
          ))}
        </Stack>
      )}
    </Section>
  );
}

function Replica({ delivery }: { delivery: Delivery }) {
  return (
    <Stack gap={6}>
      <Text size="sm" component="div">
        <b>Replica {delivery.replica.slice(0, 8)}</b> · said <Age at={delivery.at} />
        {delivery.stale ? ' · nothing heard for two minutes, it may be gone' : ''}
        {delivery.pausedUntil === null ? '' : ' · paused: Klaviyo is away or asked to wait'}
      </Text>
      {delivery.windows.map(({ route, windowSeconds, used, limit, share }) => (
        <div key={`${route}|${windowSeconds}`}>
          <Group justify="space-between">
            <Text size="xs" className="muted">
              {route}, per {formatDuration(windowSeconds)}
            </Text>
            <Text size="xs" className="figures">
              {formatCount(used)} of {formatCount(limit)}
              {share === null ? '' : ` · ${formatShare(share)}`}
            </Text>
          </Group>
          <Progress
            value={(share ?? 0) * 100}
            size={6}
            aria-label={`${route}, window of ${windowSeconds} seconds`}
          />
        </div>
      ))}
      <Text size="sm" className="figures">
        {formatCount(delivery.awaitingReadBack)} wait to be read back, {formatCount(delivery.inDoubt)} in
        doubt; {formatCount(delivery.newProfilesToday)} new profiles today,{' '}
        {formatCount(delivery.newProfilesThisMonth)} this month; {formatShare(delivery.quotaShare)} of the
        quota is ours
      </Text>
    </Stack>
  );
}
