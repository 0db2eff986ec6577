import { Button, Group, Progress, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, http } from '../api/client.ts';
import type { Backfill } from '../api/model.ts';
import { refresh } from '../api/refresh.ts';
import { useMay } from '../api/use-me.ts';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount, formatDay, formatDuration, formatMoney } from '../display/format.ts';
import { notify, notifyFailure } from '../display/notify.tsx';
import { Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { Age } from '../display/time.tsx';

/** History being loaded: how far, when it ends, and how to stop it. */
export function BackfillsCard() {
  const backfills = api.useQuery('get', '/backfills', {}, { refetchInterval: 5_000 });
  return (
    <Section
      title="Backfills"
      note="Started on the page of a marketplace; they wait while live orders need the way"
    >
      <Loaded query={backfills} lines={4}>
        {(answer) =>
          answer.backfills.length === 0 ? (
            <Empty title="None yet">
              The first start of a marketplace loads its history by itself; more can be started on its page.
            </Empty>
          ) : (
            <DataTable
              label="Backfills"
              rows={answer.backfills}
              columns={COLUMNS}
              rowId={({ backfillId }) => backfillId}
              minWidth={760}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

const COLUMNS: readonly Column<Backfill>[] = [
  {
    id: 'what',
    header: 'Marketplace and days',
    cell: ({ marketplaceId, from, to, dryRun, requestedBy }) => (
      <>
        <Text size="sm" fw={500}>
          {marketplaceId}
          {dryRun ? ', dry run' : ''}
        </Text>
        <Text size="xs" className="muted">
          {formatDay(from)} to {formatDay(to)} · asked for by {requestedBy}
        </Text>
      </>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ state, detail }) => (
      <>
        <Text size="sm">{state}</Text>
        {detail !== null && (
          <Text size="xs" className="muted">
            {detail}
          </Text>
        )}
      </>
    ),
  },
  { id: 'progress', header: 'How far', cell: (backfill) => <HowFar backfill={backfill} /> },
  {
    id: 'money',
    header: 'Money seen',
    align: 'right',
    cell: ({ money }) => money.map(({ amount, currency }) => formatMoney(amount, currency)).join(' · '),
  },
  {
    id: 'end',
    header: 'Ends',
    cell: ({ finishesAt, klaviyoSeconds }) => (
      <Text size="sm" component="div">
        <Age at={finishesAt} none="–" />
        {klaviyoSeconds !== null && (
          <Text size="xs" className="muted">
            {formatDuration(klaviyoSeconds)} at Klaviyo’s limit
          </Text>
        )}
      </Text>
    ),
  },
  { id: 'do', header: 'Do', cell: (backfill) => <BackfillActions backfill={backfill} /> },
];

function HowFar({ backfill }: { backfill: Backfill }) {
  const { ordersSeen, ordersTotal, ordersPublished, marketplaceId } = backfill;
  return (
    <div>
      <Text size="sm" className="figures">
        {formatCount(ordersSeen)}
        {ordersTotal === null ? ' orders' : ` of ${formatCount(ordersTotal)} orders`},{' '}
        {formatCount(ordersPublished)} new
      </Text>
      {ordersTotal !== null && ordersTotal > 0 && (
        <Progress
          size={6}
          value={Math.min(100, (100 * ordersSeen) / ordersTotal)}
          aria-label={`Progress of the backfill of ${marketplaceId}`}
        />
      )}
    </div>
  );
}

const PATHS = {
  pause: '/backfills/{id}/pause',
  resume: '/backfills/{id}/resume',
  cancel: '/backfills/{id}/cancel',
} as const;
const LABELS = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel' } as const;

function BackfillActions({ backfill }: { backfill: Backfill }) {
  const mayAct = useMay('pauseBackfill');
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: (action: keyof typeof PATHS) =>
      answerOf(http.POST(PATHS[action], { params: { path: { id: backfill.backfillId } }, body: {} })),
    onSuccess: () => {
      notify({ message: 'It has been asked for.' });
      return refresh(queries, '/backfills');
    },
    onError: notifyFailure,
  });
  if (!mayAct) return null;
  return (
    <Group gap={4} wrap="nowrap">
      {backfill.actions.map((action) => (
        <Button
          key={action}
          size="compact-xs"
          variant="default"
          loading={act.isPending}
          onClick={() => act.mutate(action)}
        >
          {LABELS[action]}
        </Button>
      ))}
    </Group>
  );
}
