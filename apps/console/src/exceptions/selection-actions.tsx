import { Button, Group, Menu, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { refresh } from '../api/refresh.ts';
import { useMay, useMe } from '../api/use-me.ts';
import { CommandDialog } from '../commands/command-dialog.tsx';
import { PREVIEW_WHY } from '../commands/preview-words.ts';
import { notify, notifyFailure } from '../display/notify.tsx';
import { formatCount } from '../display/format.ts';
import {
  acceptAll,
  assignAll,
  type Changed,
  previewAll,
  replayAll,
  type Selection,
  snoozeAll,
} from './bulk.ts';
import { previewOfBulk } from './bulk-words.tsx';

interface SelectionActionsProps {
  readonly selection: Selection;
  readonly onDone?: () => void;
  /** Only the menu, for a row of a table. */
  readonly isSmall?: boolean;
}

type Open = 'accept' | 'snooze' | 'replay' | undefined;

/** What can be done with the selected exceptions: one or many, the same buttons. */
export function SelectionActions({ selection, onDone, isSmall = false }: SelectionActionsProps) {
  const [open, setOpen] = useState<Open>();
  const mayAct = useMay('bulkAssignExceptions');
  const { tell } = useTell(onDone);
  if (!mayAct) return null;
  return (
    <>
      <Group gap={6} wrap="nowrap">
        <AssignMenu selection={selection} tell={tell} isSmall={isSmall} />
        {isSmall ? (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="compact-xs" variant="default">
                More …
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setOpen('replay')}>Replay …</Menu.Item>
              <Menu.Item onClick={() => setOpen('accept')}>Accept …</Menu.Item>
              <Menu.Item onClick={() => setOpen('snooze')}>Put aside …</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ) : (
          <>
            <Button size="xs" variant="default" onClick={() => setOpen('replay')}>
              Replay …
            </Button>
            <Button size="xs" variant="default" onClick={() => setOpen('accept')}>
              Accept …
            </Button>
            <Button size="xs" variant="default" onClick={() => setOpen('snooze')}>
              Put aside …
            </Button>
          </>
        )}
      </Group>
      {open !== undefined && (
        <ActionDialog verb={open} selection={selection} tell={tell} onClose={() => setOpen(undefined)} />
      )}
    </>
  );
}

type Tell = (what: string, changed: Changed) => void;

/** Says what was done, with Undo where it can be taken back, and asks for the desk again. */
function useTell(onDone: (() => void) | undefined): { readonly tell: Tell } {
  const queries = useQueryClient();
  const again = () => refresh(queries, '/exceptions', '/orders');
  return {
    tell: (what, { result, undo }) => {
      const message = `${formatCount(result.changed)} ${what}`;
      notify(undo === undefined ? { message } : { message, undo: () => undo().then(again) });
      void again();
      onDone?.();
    },
  };
}

function AssignMenu({ selection, tell, isSmall }: { selection: Selection; tell: Tell; isSmall: boolean }) {
  const { data: me } = useMe();
  const [somebody, setSomebody] = useState('');
  const assign = useMutation({
    mutationFn: (assignee: string | null) => assignAll(selection, assignee),
    onSuccess: (changed, assignee) =>
      tell(assignee === null ? 'given back' : `assigned to ${assignee}`, changed),
    onError: notifyFailure,
  });
  return (
    <Menu position="bottom-end" closeOnItemClick>
      <Menu.Target>
        <Button
          size={isSmall ? 'compact-xs' : 'xs'}
          loading={assign.isPending}
          variant={isSmall ? 'light' : 'filled'}
        >
          Assign …
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {me !== undefined && (
          <Menu.Item onClick={() => assign.mutate(me.subject)}>To me ({me.subject})</Menu.Item>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (somebody.trim() !== '') assign.mutate(somebody.trim());
          }}
        >
          <TextInput
            size="xs"
            m={6}
            placeholder="To somebody, then Enter"
            aria-label="Assign to"
            value={somebody}
            onChange={(event) => setSomebody(event.currentTarget.value)}
          />
        </form>
        <Menu.Item onClick={() => assign.mutate(null)}>To nobody</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const TITLES = {
  accept: { title: 'Accept the gap', act: 'Accept' },
  snooze: { title: 'Put aside until a day', act: 'Put aside' },
  replay: { title: 'Replay the failed step', act: 'Replay' },
} as const;

interface ActionDialogProps {
  readonly verb: 'accept' | 'snooze' | 'replay';
  readonly selection: Selection;
  readonly tell: Tell;
  readonly onClose: () => void;
}

function ActionDialog({ verb, selection, tell, onClose }: ActionDialogProps) {
  const [until, setUntil] = useState('');
  const act = async ({ why, force }: { readonly why: string; readonly force: boolean }) => {
    if (verb === 'replay') {
      tell('replayed', { result: await replayAll(selection, why, force), undo: undefined });
    } else if (verb === 'accept') {
      tell('accepted', await acceptAll(selection, why));
    } else {
      tell(`put aside until ${until}`, await snoozeAll(selection, until, why));
    }
    return undefined;
  };
  return (
    <CommandDialog
      title={TITLES[verb].title}
      actLabel={TITLES[verb].act}
      isOpen
      onClose={onClose}
      preview={async () => previewOfBulk(verb, await previewAll(verb, selection, PREVIEW_WHY))}
      act={act}
      isFilled={verb !== 'snooze' || until !== ''}
    >
      {verb === 'snooze' && (
        <TextInput
          type="date"
          label="Until"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      )}
    </CommandDialog>
  );
}
