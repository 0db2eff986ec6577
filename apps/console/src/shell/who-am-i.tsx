import { Button, Menu, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { http } from '../api/client.ts';
import { useMe } from '../api/use-me.ts';
import { notifyFailure } from '../display/notify.tsx';

/** Who is signed in and as what; signs out. */
export function WhoAmI() {
  const { data: me } = useMe();
  const queries = useQueryClient();
  if (me === undefined) return null;
  const signOut = () =>
    http.DELETE('/session').then(
      () => queries.resetQueries(),
      (error: unknown) => notifyFailure(error),
    );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" px="xs" visibleFrom="sm">
          {me.name ?? me.subject} · {me.role}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="xs">
            Signed in as {me.subject}, {me.role}
          </Text>
        </Menu.Label>
        <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
