import { Anchor, Button, SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import type { Marketplace } from '../api/model.ts';
import { Defined } from '../display/defined.tsx';
import { useDefinitions } from '../display/use-definitions.ts';
import { formatCount, formatDuration, formatShare, formatSums, isNothing } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Age } from '../display/time.tsx';
import { ContactBar } from './contact-bar.tsx';
import { HealthBadge } from './health-badge.tsx';

/** One source at a glance: fresh or not, how its buyers can be reached, what the checks found. */
export function MarketplaceCard({ marketplace, onOpen }: { marketplace: Marketplace; onOpen: () => void }) {
  const problems = marketplace.findings.filter(({ result }) => result !== 'ok');
  return (
    <Section
      title={marketplace.name}
      note={
        <>
          {marketplace.id}
          {marketplace.channel === null ? '' : ` · ${marketplace.channel}`} ·{' '}
          <HealthBadge health={marketplace.health} />
        </>
      }
      actions={
        <Button size="xs" variant="default" onClick={onOpen}>
          Details of {marketplace.name}
        </Button>
      }
    >
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="md">
        <Freshness marketplace={marketplace} />
        <Counted marketplace={marketplace} />
        <Fact name="Contacts, last 7 days">
          <ContactBar shares={marketplace.contacts} name="Now" />
          <ContactBar shares={marketplace.contacts.before} name="28 days before" />
        </Fact>
        <Consent marketplace={marketplace} />
      </SimpleGrid>
      {(problems.length > 0 || marketplace.unknownValues.length > 0) && (
        <Stack gap={2} mt="sm">
          {problems.slice(0, 3).map(({ check, stage, result, detail }) => (
            <Text key={`${stage}|${check}`} size="sm">
              <b>
                {result === 'problem' ? 'Problem' : 'Warning'}, {check}:
              </b>{' '}
              {detail}
            </Text>
          ))}
          {marketplace.unknownValues.length > 0 && (
            <Text size="sm" className="muted">
              {formatCount(marketplace.unknownValues.length)} values were seen that nobody knows yet; see the
              details.
            </Text>
          )}
        </Stack>
      )}
    </Section>
  );
}

export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <Stack gap={4}>
      <Text size="xs" fw={600} className="muted" component="div">
        {name}
      </Text>
      {children}
    </Stack>
  );
}

function Freshness({ marketplace }: { marketplace: Marketplace }) {
  const { lastPoll, pollIntervalMs, pollFloorMs, staleSince, lastFailure } = marketplace;
  return (
    <Fact name="Last complete poll">
      <Text size="lg" fw={650} component="div">
        <Age at={lastPoll?.completedAt} />
      </Text>
      <Text size="xs" className="muted">
        {pollIntervalMs === null ? '' : `every ${formatDuration(pollIntervalMs / 1_000)}`}
        {pollFloorMs === null ? '' : `, Mirakl allows every ${formatDuration(pollFloorMs / 1_000)}`}
      </Text>
      {staleSince !== null && (
        <Text size="xs" fw={600} component="div">
          Stale since <Age at={staleSince} />
        </Text>
      )}
      {lastFailure?.ongoing === true && (
        <Text size="xs">
          {lastFailure.meaning}. {lastFailure.whatToDo}
          {lastFailure.detail === null ? '' : ` (${lastFailure.detail})`}
        </Text>
      )}
    </Fact>
  );
}

function Counted({ marketplace }: { marketplace: Marketplace }) {
  const { orders, difference, lastAudit, id } = marketplace;
  const isExact = difference.orders === 0 && isNothing(difference.money);
  return (
    <Fact name="Orders">
      <Anchor
        component={Link}
        href={href('/orders', { marketplace: id })}
        size="lg"
        fw={650}
        className="figures"
      >
        {formatCount(orders.orders)}
      </Anchor>
      <Text size="xs" className="muted figures">
        {formatSums(orders.money)}
      </Text>
      <Text size="xs" className={isExact ? 'figures' : 'figures leak'} component="div">
        Difference to Mirakl’s count: {formatCount(difference.orders)}
        {isExact ? ' ✓' : `, ${formatSums(difference.money)}`} · counted{' '}
        <Age at={lastAudit?.at} none="not yet" />
      </Text>
    </Fact>
  );
}

function Consent({ marketplace }: { marketplace: Marketplace }) {
  const { consents } = marketplace;
  const define = useDefinitions();
  return (
    <Fact name={<Defined as={define('optInRate')}>Opt-in rate</Defined>}>
      <Text size="lg" fw={650} className="figures">
        {consents.optInRate === null ? '–' : formatShare(consents.optInRate)}
      </Text>
      <Text size="xs" className="muted figures">
        {formatCount(consents.mailable)} mailable of {formatCount(consents.known)} whose consent is known;{' '}
        {formatCount(consents.buyers)} buyers
      </Text>
      <Text size="xs" className="muted" component="div">
        read from Klaviyo <Age at={consents.asOf} none="not yet" />
      </Text>
    </Fact>
  );
}
