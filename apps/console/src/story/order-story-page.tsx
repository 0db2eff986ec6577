import { Anchor, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import { api } from '../api/client.ts';
import type { OrderStory } from '../api/model.ts';
import { Money } from '../display/amounts.tsx';
import { BucketBadge } from '../display/bucket-badge.tsx';
import { TIME_ZONE } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Loaded } from '../display/states.tsx';
import { Moment } from '../display/time.tsx';
import { BuyerContact } from './buyer-contact.tsx';
import { StoryActions } from './story-actions.tsx';
import { StoryFacts } from './story-facts.tsx';
import { StoryTimeline } from './story-timeline.tsx';
import { WhyNotVerified } from './why-not-verified.tsx';

const REFRESH_MS = 4_000;

/** One order: where it is, why, what can be done, and everything that happened to it. */
export function OrderStoryPage({ orderKey, onBack }: { orderKey: string; onBack: () => void }) {
  const story = api.useQuery(
    'get',
    '/orders/{orderKey}',
    { params: { path: { orderKey } } },
    { refetchInterval: REFRESH_MS },
  );
  return (
    <Stack gap="md">
      <Anchor component="button" type="button" size="sm" ta="left" onClick={onBack}>
        ← Orders
      </Anchor>
      <Loaded query={story} lines={12}>
        {(answer) => <Story story={answer} />}
      </Loaded>
    </Stack>
  );
}

function Story({ story }: { story: OrderStory }) {
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1}>{story.orderId}</Title>
          <Text size="sm" className="muted">
            {story.marketplaceId}
            {story.channel === null ? '' : ` · ${story.channel}`} · ordered <Moment at={story.createdAt} /> (
            {TIME_ZONE}) · {story.state ?? 'state unknown'}
            {story.commercialId === null ? '' : ` · basket ${story.commercialId}`}
          </Text>
        </div>
        <Stack gap={2} align="flex-end" data-testid="story-bucket">
          <BucketBadge bucket={story.bucket} size="lg" />
          <Text fw={650} component="span">
            <Money of={story.amount} />
          </Text>
        </Stack>
      </Group>
      <WhyNotVerified story={story} />
      <StoryActions story={story} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Section title="Its story" note={`Times in ${TIME_ZONE}`}>
          <StoryTimeline story={story} />
        </Section>
        <Stack gap="md">
          <StoryFacts story={story} />
          <BuyerContact story={story} />
          {story.buyerId !== null && (
            <Anchor component={Link} href={href('/orders', { buyer: story.buyerId })} size="sm">
              Other orders of the same buyer
            </Anchor>
          )}
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}
