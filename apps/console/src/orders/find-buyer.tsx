import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { href } from '../address/href.ts';
import { answerOf, http } from '../api/client.ts';
import { useMay } from '../api/use-me.ts';
import { Failed } from '../display/states.tsx';

/** Finds the orders of a person by their address, which stands in no URL and no log: only the keyed hash does. */
export function FindBuyer() {
  const [isOpen, dialog] = useDisclosure(false);
  const mayFind = useMay('findBuyer');
  if (!mayFind) return null;
  return (
    <>
      <Button size="xs" variant="default" onClick={dialog.open}>
        Find by address …
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title="Orders of one buyer"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <FindForm onFound={dialog.close} />
      </Modal>
    </>
  );
}

function FindForm({ onFound }: { onFound: () => void }) {
  const [email, setEmail] = useState('');
  const [, navigate] = useLocation();
  const find = useMutation({
    mutationFn: () => answerOf(http.POST('/buyers/find', { body: { email: email.trim() } })),
    onSuccess: ({ buyerId, orders }) => {
      if (orders === 0) return;
      navigate(href('/orders', { buyer: buyerId }));
      onFound();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        find.mutate();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Email address"
          description="It is hashed to find the orders, and kept nowhere."
          type="email"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          data-autofocus
        />
        {find.data?.orders === 0 && (
          <Text size="sm" role="status">
            No order has this address. Relay addresses of a marketplace are addresses of their own.
          </Text>
        )}
        {find.error !== null && <Failed error={find.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={find.isPending} disabled={email.trim().length < 3}>
            Find
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
