import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

const UNDO_MS = 12_000;

interface Notice {
  readonly message: string;
  /** Takes back what was just done; offered for a while. */
  readonly undo?: () => Promise<unknown>;
}

/** Says what was done, and offers to take it back where that is possible. */
export function notify({ message, undo }: Notice): void {
  const id = notifications.show({
    color: 'teal',
    autoClose: undo === undefined ? 5_000 : UNDO_MS,
    closeButtonProps: { 'aria-label': 'Close' },
    message:
      undo === undefined ? (
        message
      ) : (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">{message}</Text>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              undo().then(
                () => notify({ message: 'Taken back' }),
                (error: unknown) => notifyFailure(error),
              );
            }}
          >
            Undo
          </Button>
        </Group>
      ),
  });
}

export function notifyFailure(error: unknown): void {
  notifications.show({
    color: 'yellow',
    title: 'That was not done',
    message: error instanceof Error ? error.message : 'Something went wrong.',
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': 'Close' },
  });
}
