import { Button, Group } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, http } from '../api/client.ts';
import type { OrderStory } from '../api/model.ts';
import { refresh } from '../api/refresh.ts';
import { useMay } from '../api/use-me.ts';
import { ClaimDialog } from '../claims/claim-dialog.tsx';
import { CommandDialog, type CommandDialogProps } from '../commands/command-dialog.tsx';
import { PREVIEW_WHY, previewOfRepair } from '../commands/preview-words.ts';

type Action = OrderStory['actions'][number];

const LABELS: Readonly<Record<Action, string>> = {
  claim: 'Claim the contact',
  replay: 'Replay the failed step',
  refetch: 'Ask Mirakl again',
  verify: 'Read back from Klaviyo',
};

/** What can be done about this order now, by whoever is signed in. */
export function StoryActions({ story }: { story: OrderStory }) {
  const [open, setOpen] = useState<Action>();
  const queries = useQueryClient();
  const mayAct = useMay('refetchOrder');
  if (!mayAct || story.actions.length === 0) return null;
  const close = () => setOpen(undefined);
  const done = () => void refresh(queries, '/orders', '/exceptions');
  return (
    <Group gap="xs" className="no-print">
      {story.actions.map((action) => (
        <Button
          key={action}
          size="xs"
          variant={action === 'claim' || action === 'replay' ? 'filled' : 'default'}
          onClick={() => setOpen(action)}
        >
          {LABELS[action]} …
        </Button>
      ))}
      {open !== undefined && open !== 'claim' && (
        <CommandDialog
          key={open}
          title={LABELS[open]}
          actLabel={LABELS[open]}
          isOpen
          onClose={close}
          onDone={done}
          {...commandOf(open, story.orderKey)}
        />
      )}
      {open === 'claim' && <ClaimDialog orderKey={story.orderKey} onClose={close} onDone={done} />}
    </Group>
  );
}

function commandOf(
  action: Exclude<Action, 'claim'>,
  orderKey: string,
): Pick<CommandDialogProps, 'preview' | 'act'> {
  const params = { path: { orderKey } };
  if (action === 'replay') {
    return {
      preview: async () =>
        previewOfRepair(
          await answerOf(
            http.POST('/orders/{orderKey}/replay', { params, body: { why: PREVIEW_WHY, preview: true } }),
          ),
        ),
      act: async ({ why, force }) => {
        await answerOf(http.POST('/orders/{orderKey}/replay', { params, body: { why, force } }));
        return 'The step runs again; the story shows how it goes.';
      },
    };
  }
  const path = action === 'refetch' ? '/orders/{orderKey}/refetch' : '/orders/{orderKey}/verify';
  return {
    preview: async () => {
      const { sentence } = await answerOf(
        http.POST(path, { params, body: { why: PREVIEW_WHY, preview: true } }),
      );
      return { sentence };
    },
    act: async ({ why }) => {
      await answerOf(http.POST(path, { params, body: { why } }));
      return 'It has been asked for; the story shows the answer.';
    },
  };
}
