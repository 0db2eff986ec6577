import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, http } from '../api/client.ts';
import type { Review } from '../api/model.ts';
import { refresh } from '../api/refresh.ts';
import { useMay } from '../api/use-me.ts';
import { formatMoment, TIME_ZONE } from '../display/format.ts';
import { notify } from '../display/notify.tsx';
import { Section } from '../display/section.tsx';
import { Failed } from '../display/states.tsx';

/** Signs a week that is over; its figures are kept as they were then. */
export function SignOff({ review, onSigned }: { review: Review; onSigned: () => void }) {
  const maySign = useMay('signReview');
  const { signature } = review;
  if (signature !== null) {
    return (
      <Section title="Signed" tone="calm">
        <Text size="sm" data-testid="signature">
          {signature.by}, {formatMoment(signature.at)} ({TIME_ZONE})
          {signature.note === null ? '' : `: ${signature.note}`}
        </Text>
      </Section>
    );
  }
  if (review.state === 'running') {
    return (
      <Text size="sm" className="muted">
        The week still runs; it can be signed once it is over, at the latest by {formatMoment(review.dueAt)} (
        {TIME_ZONE}).
      </Text>
    );
  }
  return (
    <Section title="Sign-off" note="The figures are kept as they are now">
      {maySign ? (
        <SignForm week={review.week} onSigned={onSigned} />
      ) : (
        <Text size="sm" className="muted">
          An operator can sign this week.
        </Text>
      )}
    </Section>
  );
}

function SignForm({ week, onSigned }: { week: string; onSigned: () => void }) {
  const [note, setNote] = useState('');
  const queries = useQueryClient();
  const sign = useMutation({
    mutationFn: () =>
      answerOf(
        http.POST('/reviews/{week}/sign', {
          params: { path: { week } },
          body: note.trim() === '' ? {} : { note: note.trim() },
        }),
      ),
    onSuccess: () => {
      notify({ message: `${week} is signed.` });
      // The page stays at this week, though another one may wait to be signed.
      onSigned();
      return refresh(queries, '/reviews');
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sign.mutate();
      }}
    >
      <Stack gap="sm">
        <Textarea
          label="Note (optional)"
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {sign.error !== null && <Failed error={sign.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={sign.isPending}>
            Sign {week}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
