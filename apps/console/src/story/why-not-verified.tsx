import { Anchor, Group, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import type { OrderStory } from '../api/model.ts';
import { OWNER_LABELS } from '../display/owners.tsx';
import { RunbookLink } from '../display/runbook-link.tsx';
import { Section } from '../display/section.tsx';
import { Age } from '../display/time.tsx';

/** Why an order is not verified, whose job that is and what to do; nothing for a verified one. */
export function WhyNotVerified({ story }: { story: OrderStory }) {
  const { why } = story;
  if (why === null) return null;
  return (
    <Section
      title={why.meaning}
      tone={story.bucket === 'failed' ? 'leaking' : undefined}
      note={
        <>
          <code>{story.reason}</code> · since <Age at={story.since} /> · whose job: {OWNER_LABELS[why.owner]}
          {why.ownerContact === null ? '' : ` (${why.ownerContact})`}
        </>
      }
    >
      <Stack gap={4}>
        <Text size="sm">
          <b>What to do:</b> {why.whatToDo}.{' '}
          <RunbookLink runbook={why.runbook} about={story.reason ?? why.meaning} />
        </Text>
        <Text size="sm">
          <b>It resolves itself when:</b> {lowerFirst(why.resolvesWhen)}.
        </Text>
        <Group gap="sm">
          {story.exceptions.map((exception) => (
            <Anchor
              key={exception.id}
              component={Link}
              href={href('/exceptions', { order: story.orderKey, state: 'all' })}
              size="sm"
            >
              Exception {exception.reason}, {exception.state}
            </Anchor>
          ))}
          <Anchor component={Link} href={href('/help', { word: story.reason })} size="sm">
            What this reason means
          </Anchor>
        </Group>
      </Stack>
    </Section>
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
