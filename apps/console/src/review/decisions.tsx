import { Badge, Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, http } from '../api/client.ts';
import type { Decision, Owner, Review } from '../api/model.ts';
import { refresh } from '../api/refresh.ts';
import { useMay } from '../api/use-me.ts';
import { formatMoment } from '../display/format.ts';
import { notifyFailure } from '../display/notify.tsx';
import { OWNER_LABELS, OWNERS } from '../display/owners.tsx';
import { Section } from '../display/section.tsx';
import { Failed } from '../display/states.tsx';

/** What was decided, this week and before; an open decision is carried over until it is done or dropped. */
export function Decisions({ review }: { review: Review }) {
  const mayDecide = useMay('takeDecision');
  const list = [...review.carriedOver, ...review.decisions];
  return (
    <Section title="Decisions" note="Carried over from week to week until they are done or dropped">
      <Stack gap="sm">
        {list.length === 0 && (
          <Text size="sm" className="muted">
            None yet. Write down who does what about a gap that repeats; it stays here until it is done.
          </Text>
        )}
        {list.map((decision) => (
          <DecisionRow key={decision.id} decision={decision} week={review.week} mayClose={mayDecide} />
        ))}
        {mayDecide && review.state !== 'signed' && <NewDecision week={review.week} />}
      </Stack>
    </Section>
  );
}

interface DecisionRowProps {
  readonly decision: Decision;
  readonly week: string;
  readonly mayClose: boolean;
}

function DecisionRow({ decision, week, mayClose }: DecisionRowProps) {
  const queries = useQueryClient();
  const close = useMutation({
    mutationFn: (state: 'done' | 'dropped' | 'open') =>
      answerOf(
        http.POST('/decisions/{id}/state', { params: { path: { id: decision.id } }, body: { state } }),
      ),
    onSuccess: () => refresh(queries, '/reviews'),
    onError: notifyFailure,
  });
  const isOpen = decision.state === 'open';
  return (
    <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
      <div>
        <Text size="sm" td={isOpen ? undefined : 'line-through'}>
          {decision.text}
        </Text>
        <Text size="xs" className="muted">
          {OWNER_LABELS[decision.owner]} · {decision.takenBy}, {formatMoment(decision.takenAt)}
          {decision.week === week ? '' : ` · carried over from ${decision.week}`}
          {decision.dueOn === null ? '' : ` · due on ${decision.dueOn}`}
          {decision.closedBy === null ? '' : ` · ${decision.state} by ${decision.closedBy}`}
        </Text>
      </div>
      <Group gap={6} wrap="nowrap">
        {!isOpen && <Badge color="gray">{decision.state}</Badge>}
        {mayClose && isOpen && (
          <>
            <Button size="compact-xs" variant="default" onClick={() => close.mutate('done')}>
              Done
            </Button>
            <Button size="compact-xs" variant="subtle" onClick={() => close.mutate('dropped')}>
              Drop
            </Button>
          </>
        )}
        {mayClose && !isOpen && (
          <Button size="compact-xs" variant="subtle" onClick={() => close.mutate('open')}>
            Open again
          </Button>
        )}
      </Group>
    </Group>
  );
}

function NewDecision({ week }: { week: string }) {
  const [text, setText] = useState('');
  const [owner, setOwner] = useState<Owner>('operations');
  const [dueOn, setDueOn] = useState('');
  const queries = useQueryClient();
  const take = useMutation({
    mutationFn: () =>
      answerOf(
        http.POST('/reviews/{week}/decisions', {
          params: { path: { week } },
          body: { text: text.trim(), owner, ...(dueOn === '' ? {} : { dueOn }) },
        }),
      ),
    onSuccess: () => {
      setText('');
      setDueOn('');
      return refresh(queries, '/reviews');
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        take.mutate();
      }}
    >
      <Stack gap="xs">
        <Textarea
          label="A new decision"
          placeholder="Ask Maison to share addresses for orders of the outlet channel"
          autosize
          minRows={2}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {take.error !== null && <Failed error={take.error} />}
        <Group gap="xs" align="flex-end">
          <Select
            size="xs"
            label="Who does it"
            data={OWNERS.map((value) => ({ value, label: OWNER_LABELS[value] }))}
            value={owner}
            allowDeselect={false}
            onChange={(value) => setOwner(OWNERS.find((known) => known === value) ?? 'operations')}
          />
          <TextInput
            size="xs"
            type="date"
            label="Until"
            value={dueOn}
            onChange={(event) => setDueOn(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" loading={take.isPending} disabled={text.trim() === ''}>
            Write it down
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
