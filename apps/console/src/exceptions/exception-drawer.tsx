import { Anchor, Badge, Button, Drawer, Group, List, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import { answerOf, api, http } from '../api/client.ts';
import type { ExceptionItem } from '../api/model.ts';
import { refresh } from '../api/refresh.ts';
import { useMay } from '../api/use-me.ts';
import { CommandDialog } from '../commands/command-dialog.tsx';
import { PREVIEW_WHY, previewOfRepair } from '../commands/preview-words.ts';
import { Money } from '../display/amounts.tsx';
import { OWNER_LABELS } from '../display/owners.tsx';
import { RunbookLink } from '../display/runbook-link.tsx';
import { Loaded } from '../display/states.tsx';
import { Age, Moment } from '../display/time.tsx';
import { SelectionActions } from './selection-actions.tsx';

/** One exception: what it means, what to do, its history; nothing while no id is given. */
export function ExceptionDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  return (
    <Drawer
      opened={id !== ''}
      onClose={onClose}
      position="right"
      size="lg"
      title="Exception"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {id !== '' && <Inside id={id} />}
    </Drawer>
  );
}

function Inside({ id }: { id: string }) {
  const story = api.useQuery(
    'get',
    '/exceptions/{id}',
    { params: { path: { id } } },
    { refetchInterval: 5_000 },
  );
  return (
    <Loaded query={story} lines={8}>
      {({ exception, history }) => (
        <Stack gap="md">
          <Facts exception={exception} />
          <Actions exception={exception} />
          <div>
            <Text fw={650}>What happened to it</Text>
            <List size="sm" mt={4} spacing={4}>
              {history.map(({ at, by, what, why }) => (
                <List.Item key={`${at}|${what}|${by}`}>
                  <Moment at={at} /> · {what} by {by}
                  {why === null ? '' : `: ${why}`}
                </List.Item>
              ))}
            </List>
          </div>
        </Stack>
      )}
    </Loaded>
  );
}

function Facts({ exception }: { exception: ExceptionItem }) {
  const { orderKey, amount, detail } = exception;
  return (
    <Stack gap={6}>
      <Text fw={650} size="lg">
        {exception.meaning}
      </Text>
      <Group gap={6}>
        <Badge color="gray">{exception.state}</Badge>
        <Badge color="gray">{OWNER_LABELS[exception.owner]}</Badge>
        {exception.overdue && (
          <Badge variant="outline" className="leak" color="pink.9">
            overdue
          </Badge>
        )}
        {exception.reopened && (
          <Badge color="yellow" variant="filled">
            came back {exception.occurrences} times
          </Badge>
        )}
      </Group>
      <Text size="sm">
        About{' '}
        {orderKey === null ? (
          exception.about
        ) : (
          <Anchor component={Link} href={href('/orders', { order: orderKey })}>
            {orderKey}
          </Anchor>
        )}
        {amount !== null && (
          <>
            {' '}
            · <Money of={amount} />
          </>
        )}{' '}
        · since <Age at={exception.since} /> · due <Age at={exception.dueAt} none="at no time" />
      </Text>
      {detail !== null && <Text className="quote muted">{detail}</Text>}
      <Text size="sm">
        <b>What to do:</b> {exception.whatToDo}.{' '}
        <RunbookLink runbook={exception.runbook} about={exception.reason} />
      </Text>
      <Text size="sm">
        <b>It resolves itself when:</b> {exception.resolvesWhen}.
      </Text>
      {exception.acceptedWhy !== null && <Text size="sm">Accepted because: {exception.acceptedWhy}</Text>}
      {exception.lastReplay !== null && (
        <Text size="sm" data-testid="last-replay">
          Last asked for: {exception.lastReplay.what} by {exception.lastReplay.by},{' '}
          <Age at={exception.lastReplay.at} />
        </Text>
      )}
    </Stack>
  );
}

function Actions({ exception }: { exception: ExceptionItem }) {
  const [isReplaying, setReplaying] = useState(false);
  const queries = useQueryClient();
  const mayReplay = useMay('replayException');
  const params = { path: { id: exception.id } };
  if (!mayReplay) return null;
  const canReopen = exception.actions.includes('reopen');
  return (
    <Group gap="xs">
      <SelectionActions selection={{ rows: [exception] }} />
      <Button size="xs" variant="default" onClick={() => setReplaying(true)}>
        Replay, with preview …
      </Button>
      {canReopen && (
        <Button
          size="xs"
          variant="default"
          onClick={() =>
            void http
              .POST('/exceptions/{id}/reopen', { params, body: {} })
              .then(() => refresh(queries, '/exceptions'))
          }
        >
          Open again
        </Button>
      )}
      {isReplaying && (
        <CommandDialog
          title="Replay the failed step"
          actLabel="Replay"
          isOpen
          onClose={() => setReplaying(false)}
          onDone={() => void refresh(queries, '/exceptions', '/orders')}
          preview={async () =>
            previewOfRepair(
              await answerOf(
                http.POST('/exceptions/{id}/replay', { params, body: { why: PREVIEW_WHY, preview: true } }),
              ),
            )
          }
          act={async ({ why, force }) => {
            await answerOf(http.POST('/exceptions/{id}/replay', { params, body: { why, force } }));
            return 'The step runs again; the order’s story shows how it goes.';
          }}
        />
      )}
    </Group>
  );
}
