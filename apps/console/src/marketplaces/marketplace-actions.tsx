import { Button, Checkbox, Group, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, http } from '../api/client.ts';
import { refresh } from '../api/refresh.ts';
import { useMay } from '../api/use-me.ts';
import { CommandDialog, type CommandDialogProps } from '../commands/command-dialog.tsx';
import { PREVIEW_WHY } from '../commands/preview-words.ts';
import type { Period } from '../display/period.ts';

type Action = 'check' | 'sweep' | 'reevaluate' | 'backfill';

const ACTIONS = {
  check: 'Run the doctor',
  sweep: 'Sweep now',
  reevaluate: 'Judge held orders again',
  backfill: 'Start a backfill',
} as const satisfies Record<Action, string>;
const NAMES = ['check', 'sweep', 'reevaluate', 'backfill'] as const;

/** What an operator can have done with a source. */
export function MarketplaceActions({ marketplaceId, name }: { marketplaceId: string; name: string }) {
  const [open, setOpen] = useState<Action>();
  const mayAct = useMay('sweepMarketplace');
  const queries = useQueryClient();
  if (!mayAct) return null;
  return (
    <Group gap="xs">
      {NAMES.map((action) => (
        <Button key={action} size="xs" variant="default" onClick={() => setOpen(action)}>
          {ACTIONS[action]} …
        </Button>
      ))}
      {open !== undefined && (
        <MarketplaceCommand
          key={open}
          action={open}
          marketplaceId={marketplaceId}
          title={`${ACTIONS[open]}: ${name}`}
          onClose={() => setOpen(undefined)}
          onDone={() => void refresh(queries, '/marketplaces', '/backfills', '/operations')}
        />
      )}
    </Group>
  );
}

interface MarketplaceCommandProps {
  readonly action: Action;
  readonly marketplaceId: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function MarketplaceCommand({ action, marketplaceId, title, onClose, onDone }: MarketplaceCommandProps) {
  const [days, setDays] = useState<Period>({ from: '', to: '' });
  const [isDry, setDry] = useState(true);
  const hasDays = action === 'sweep' || action === 'backfill';
  return (
    <CommandDialog
      title={title}
      actLabel={action === 'backfill' ? (isDry ? 'Count only' : 'Start the backfill') : ACTIONS[action]}
      isOpen
      onClose={onClose}
      onDone={onDone}
      isFilled={action !== 'backfill' || days.from !== ''}
      {...commandOf(action, marketplaceId, days, isDry)}
    >
      {hasDays && (
        <Group grow>
          <TextInput
            type="date"
            label="Orders created from"
            value={days.from}
            onChange={(event) => setDays({ ...days, from: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            label="to, included"
            value={days.to}
            onChange={(event) => setDays({ ...days, to: event.currentTarget.value })}
          />
        </Group>
      )}
      {action === 'backfill' && (
        <Checkbox
          label="Dry run: only count orders and estimate Klaviyo’s time"
          checked={isDry}
          onChange={(event) => setDry(event.currentTarget.checked)}
        />
      )}
    </CommandDialog>
  );
}

function commandOf(
  action: Action,
  id: string,
  days: Period,
  isDry: boolean,
): Pick<CommandDialogProps, 'preview' | 'act'> {
  const params = { path: { id } };
  const span = {
    ...(days.from === '' ? {} : { from: days.from }),
    ...(days.to === '' ? {} : { to: days.to }),
  };
  if (action === 'backfill') {
    return {
      preview: () =>
        Promise.resolve({
          sentence:
            'Loads orders of these days again from Mirakl. What is here already changes nothing; old events fire no flow. It waits while live orders need the way. A dry run only counts.',
        }),
      act: async ({ why }) => {
        const { from = '', ...rest } = span;
        await answerOf(
          http.POST('/backfills', { body: { marketplaceId: id, from, ...rest, dryRun: isDry, why } }),
        );
        return 'It has been asked for; Operations shows how far it has come.';
      },
    };
  }
  const paths = {
    check: '/marketplaces/{id}/check',
    sweep: '/marketplaces/{id}/sweep',
    reevaluate: '/marketplaces/{id}/reevaluate',
  } as const;
  const send = (why: string, preview: boolean) =>
    action === 'sweep'
      ? answerOf(http.POST(paths.sweep, { params, body: { why, preview, ...span } }))
      : answerOf(http.POST(paths[action], { params, body: { why, preview } }));
  return {
    preview: async () => {
      const { sentence } = await send(PREVIEW_WHY, true);
      return { sentence };
    },
    act: async ({ why }) => {
      await send(why, false);
      return 'It has been asked for.';
    },
  };
}
