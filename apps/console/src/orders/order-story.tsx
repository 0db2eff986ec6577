import { Alert, Anchor, Badge, Group, Stack, Text, Timeline } from '@mantine/core';
import { type Chapter, type TimelineItem, useOrderStory } from '../api/orders.ts';
import { BUCKET_COLORS, BUCKET_LABELS } from '../display/buckets.ts';
import { formatMoment, formatMoney } from '../display/format.ts';

const CHAPTERS: Readonly<Record<Chapter, string>> = {
  mirakl_said: 'Mirakl said',
  we_understood: 'We understood',
  we_sent: 'We sent',
  klaviyo_answered: 'Klaviyo answered',
  read_back: 'Read back',
};

/** Everything that happened to one order, in the order in which it happened. */
export function OrderStory({ orderKey, onBack }: { orderKey: string; onBack: () => void }) {
  const { data: story, error } = useOrderStory(orderKey);
  if (error !== null && story === undefined) return <Alert color="yellow">{error.message}</Alert>;
  if (story === undefined) return <Text c="dimmed">Reading the story …</Text>;
  return (
    <Stack gap="md">
      <Anchor component="button" type="button" size="sm" ta="left" onClick={onBack}>
        ← All orders found
      </Anchor>
      <Group justify="space-between" align="flex-start">
        <div>
          <Text component="h2" size="xl" fw={650}>
            {story.orderId}
          </Text>
          <Text size="sm" c="dimmed">
            {story.marketplaceId} ·{' '}
            {story.createdAt === null ? 'time unknown' : formatMoment(story.createdAt)} ·{' '}
            {story.state ?? 'state unknown'}
          </Text>
        </div>
        <Stack gap={2} align="flex-end">
          <Badge
            size="lg"
            variant="light"
            color={story.bucket === 'failed' ? 'pink' : 'teal'}
            data-testid="story-bucket"
          >
            {story.bucket === null ? 'seen' : BUCKET_LABELS[story.bucket]}
          </Badge>
          <Text fw={600} className="figures">
            {story.amount === null
              ? 'amount unknown'
              : formatMoney(story.amount.amount, story.amount.currency)}
          </Text>
        </Stack>
      </Group>
      {story.why !== null && (
        <Alert color={story.bucket === 'failed' ? 'pink' : 'gray'} title={story.why.meaning}>
          {story.why.whatToDo}. Whose job: {story.why.ownerContact ?? story.why.owner}. It resolves itself
          when: {story.why.resolvesWhen.charAt(0).toLowerCase()}
          {story.why.resolvesWhen.slice(1)}.
        </Alert>
      )}
      <Timeline active={story.timeline.length} bulletSize={14} lineWidth={2} color={colorOf(story.bucket)}>
        {story.timeline.map((item) => (
          <Timeline.Item
            key={`${item.at}|${item.what}|${item.factId}|${item.revision}`}
            title={titleOf(item)}
          >
            <TimelineBody item={item} orderKey={orderKey} />
          </Timeline.Item>
        ))}
      </Timeline>
    </Stack>
  );
}

function TimelineBody({ item, orderKey }: { item: TimelineItem; orderKey: string }) {
  const about = item.factId === orderKey ? '' : item.factId.slice(orderKey.length + 1);
  const parts = [
    about,
    item.state,
    item.amount === null ? null : formatMoney(item.amount.amount, item.amount.currency),
    item.meaning,
    item.detail,
    item.eventIds.length === 0
      ? null
      : `makes ${item.eventIds.map((id) => id.slice(orderKey.length + 1)).join(', ')}`,
  ].filter((part) => part !== null && part !== '');
  return (
    <>
      <Text size="sm">{parts.join(' · ')}</Text>
      <Text size="xs" c="dimmed" className="figures">
        {formatMoment(item.at)}
      </Text>
    </>
  );
}

function titleOf(item: TimelineItem): string {
  return `${CHAPTERS[item.chapter]}: ${item.what.replaceAll('_', ' ')}`;
}

function colorOf(bucket: keyof typeof BUCKET_COLORS | null): string {
  return bucket === null ? 'gray' : BUCKET_COLORS[bucket];
}
