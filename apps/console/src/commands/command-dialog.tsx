import { Alert, Button, Checkbox, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { notify } from '../display/notify.tsx';
import { Failed, Waiting } from '../display/states.tsx';

export interface CommandPreview {
  /** What it will do, in words. */
  readonly sentence: ReactNode;
  /** Nothing can be done: the sentence says why. */
  readonly isImpossible?: boolean;
  /** It was done before; doing it again needs a tick. */
  readonly doneBefore?: string | undefined;
}

export interface CommandDialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Asks the monitor what would happen; changes nothing. */
  readonly preview: () => Promise<CommandPreview>;
  /** Does it. Resolves with what to tell the person, or with nothing when that was told already. */
  readonly act: (wish: { readonly why: string; readonly force: boolean }) => Promise<string | undefined>;
  readonly onDone?: () => void;
  readonly actLabel: string;
  /** Fields beside the reason. */
  readonly children?: ReactNode;
  /** False while those fields are not filled in. */
  readonly isFilled?: boolean;
}

/** A change with its preview: what will happen, why one wants it, then the button. */
export function CommandDialog(props: CommandDialogProps) {
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <CommandForm {...props} />
    </Modal>
  );
}

function CommandForm(props: CommandDialogProps) {
  const { preview, act, onDone, onClose, actLabel, title, children, isFilled = true } = props;
  const [why, setWhy] = useState('');
  const [force, setForce] = useState(false);
  const id = useId();
  const shown = useQuery({ queryKey: ['preview', title, id], queryFn: preview, gcTime: 0, retry: false });
  const doing = useMutation({
    mutationFn: () => act({ why: why.trim(), force }),
    onSuccess: (message) => {
      if (message !== undefined) notify({ message });
      onDone?.();
      onClose();
    },
  });
  if (shown.error !== null) return <Failed error={shown.error} onRetry={() => void shown.refetch()} />;
  if (shown.data === undefined) return <Waiting lines={3} />;
  const { sentence, isImpossible = false, doneBefore } = shown.data;
  const isReady = isFilled && why.trim() !== '' && !isImpossible && (doneBefore === undefined || force);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) doing.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm" component="div" data-testid="preview">
          {sentence}
        </Text>
        {doneBefore !== undefined && <DoneBefore words={doneBefore} force={force} onForce={setForce} />}
        {!isImpossible && children}
        {!isImpossible && (
          <Textarea
            label="Why?"
            description="Kept in the audit log with your name."
            value={why}
            onChange={(event) => setWhy(event.currentTarget.value)}
            data-autofocus
          />
        )}
        {doing.error !== null && <Failed error={doing.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {isImpossible ? 'Close' : 'Cancel'}
          </Button>
          {!isImpossible && (
            <Button type="submit" loading={doing.isPending} disabled={!isReady}>
              {actLabel}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function DoneBefore(props: { words: string; force: boolean; onForce: (force: boolean) => void }) {
  return (
    <Alert color="yellow" title="This was done before">
      {props.words}
      <Checkbox
        mt="xs"
        size="xs"
        label="Do it again all the same"
        checked={props.force}
        onChange={(event) => props.onForce(event.currentTarget.checked)}
      />
    </Alert>
  );
}
