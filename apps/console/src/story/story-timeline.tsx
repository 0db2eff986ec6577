import { Badge, Code, Collapse, Group, Stack, Text, Timeline, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMemo } from 'react';
import type { Chapter, OrderStory, TimelineItem } from '../api/model.ts';
import { Money } from '../display/amounts.tsx';
import { Moment } from '../display/time.tsx';
import { type Change, whatChanged } from './what-changed.ts';

const CHAPTERS: Readonly<Record<Chapter, { readonly name: string; readonly color: string }>> = {
  mirakl_said: { name: 'Mirakl said', color: '#5f7da6' },
  we_understood: { name: 'We understood', color: '#8a8fa3' },
  we_sent: { name: 'We sent', color: '#66a9c9' },
  klaviyo_answered: { name: 'Klaviyo answered', color: '#4f9d69' },
  read_back: { name: 'Read back', color: '#0b7285' },
};

/** Everything that happened to one order, in the order in which it happened. */
export function StoryTimeline({ story }: { story: OrderStory }) {
  const changes = useMemo(() => whatChanged(story.timeline), [story.timeline]);
  return (
    <Timeline active={story.timeline.length} bulletSize={14} lineWidth={2} color="gray">
      {story.timeline.map((item) => (
        <Timeline.Item
          key={`${item.at}|${item.chapter}|${item.what}|${item.factId}|${item.revision}`}
          color={CHAPTERS[item.chapter].color}
          title={
            <Text size="sm" fw={600} component="span">
              {CHAPTERS[item.chapter].name}: {item.what.replaceAll('_', ' ')}
            </Text>
          }
        >
          <Step item={item} orderKey={story.orderKey} changes={changes.get(item) ?? []} />
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

interface StepProps {
  readonly item: TimelineItem;
  readonly orderKey: string;
  readonly changes: readonly Change[];
}

function Step({ item, orderKey, changes }: StepProps) {
  const about = item.factId === orderKey ? '' : item.factId.slice(orderKey.length + 1);
  return (
    <Stack gap={3} className="story-step" data-chapter={item.chapter}>
      <Group gap={6}>
        {about !== '' && <Badge color="gray">{about}</Badge>}
        {item.state !== null && <Text size="sm">{item.state}</Text>}
        {item.amount !== null && (
          <Text size="sm" component="span">
            <Money of={item.amount} />
          </Text>
        )}
        {item.eventIds.length > 0 && (
          <Text size="sm">makes {item.eventIds.map((id) => id.slice(orderKey.length + 1)).join(', ')}</Text>
        )}
      </Group>
      {changes.map(({ what, before, after }) => (
        <Text key={what} size="sm" className="figures">
          Changed {what}: <s>{before}</s> → <b>{after}</b>
        </Text>
      ))}
      {item.meaning !== null && <Text size="sm">{item.meaning}</Text>}
      {item.detail !== null && (
        <Text size="sm" className="quote muted">
          {item.detail}
        </Text>
      )}
      {item.exchange !== null && <Exchange exchange={item.exchange} />}
      <Text size="xs" className="muted">
        <Moment at={item.at} />
        {item.revision === null ? '' : ` · version ${item.revision}`}
      </Text>
    </Stack>
  );
}

/** What was sent and what came back, personal data redacted by the writer before it was kept. */
function Exchange({ exchange }: { exchange: NonNullable<TimelineItem['exchange']> }) {
  const [isOpen, exchangeBox] = useDisclosure(false);
  return (
    <div>
      <UnstyledButton onClick={exchangeBox.toggle} aria-expanded={isOpen} fz="xs" className="defined">
        {isOpen ? 'Hide what was sent and answered' : 'Show what was sent and answered'}
      </UnstyledButton>
      <Collapse expanded={isOpen}>
        <Stack gap={4} mt={4}>
          <Text size="xs" fw={600}>
            We sent
          </Text>
          <Code block>{exchange.sent}</Code>
          <Text size="xs" fw={600}>
            Klaviyo answered
          </Text>
          <Code block>{exchange.answered}</Code>
        </Stack>
      </Collapse>
    </div>
  );
}
