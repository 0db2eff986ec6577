import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, http } from '../api/client.ts';
import type { OrderStory } from '../api/model.ts';
import { useMay } from '../api/use-me.ts';
import { contactLabel } from '../display/contact.ts';
import { Section } from '../display/section.tsx';
import { Failed } from '../display/states.tsx';

/** How the buyer can be reached: masked; an operator may look, with a reason, and that is kept. */
export function BuyerContact({ story }: { story: OrderStory }) {
  const mayReveal = useMay('revealContact');
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <Section
      title="Contact"
      note={contactLabel(story.contactClass)}
      actions={
        mayReveal && story.contacts.length > 0 ? (
          <Button size="xs" variant="default" onClick={dialog.open}>
            Reveal …
          </Button>
        ) : undefined
      }
    >
      {story.contacts.length === 0 ? (
        <Text size="sm" className="muted">
          Mirakl gave no address in any of the fields that the policy allows to read.
        </Text>
      ) : (
        story.contacts.map(({ field, masked }) => (
          <Group key={field} justify="space-between">
            <Text size="sm" className="muted">
              {field}
            </Text>
            <code>{masked}</code>
          </Group>
        ))
      )}
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title="Reveal the buyer's address"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Reveal orderKey={story.orderKey} />
      </Modal>
    </Section>
  );
}

function Reveal({ orderKey }: { orderKey: string }) {
  const [why, setWhy] = useState('');
  const reveal = useMutation({
    mutationFn: () =>
      answerOf(
        http.POST('/orders/{orderKey}/reveal', { params: { path: { orderKey } }, body: { why: why.trim() } }),
      ),
    gcTime: 0,
  });
  if (reveal.data !== undefined) {
    return (
      <Stack gap="xs">
        {reveal.data.contacts.map(({ field, address }) => (
          <Group key={field} justify="space-between">
            <Text size="sm" className="muted">
              {field}
            </Text>
            <Text fw={600}>{address}</Text>
          </Group>
        ))}
        <Text size="xs" className="muted">
          It is forgotten when you close this. That you looked stands in the audit log.
        </Text>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        reveal.mutate();
      }}
    >
      <Stack gap="sm">
        <Textarea
          label="Why do you need it?"
          description="Your name, the time and this reason are kept in the audit log."
          value={why}
          onChange={(event) => setWhy(event.currentTarget.value)}
          data-autofocus
        />
        {reveal.error !== null && <Failed error={reveal.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={reveal.isPending} disabled={why.trim() === ''}>
            Reveal
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
