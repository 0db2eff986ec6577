import { Anchor, Badge, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import { answerOf, api, http } from '../api/client.ts';
import type { DeadLetters } from '../api/model.ts';
import { refresh } from '../api/refresh.ts';
import { useMay } from '../api/use-me.ts';
import { CommandDialog } from '../commands/command-dialog.tsx';
import { PREVIEW_WHY } from '../commands/preview-words.ts';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { Age } from '../display/time.tsx';

type Letter = DeadLetters['letters'][number];

const idOf = ({ topic, partition, offset }: Letter) => `${topic}|${partition}|${offset}`;

/** Records that cannot succeed unchanged: why, and back to their topic once the cause is mended. */
export function DeadLettersTab() {
  const letters = api.useQuery('get', '/dead-letters', {}, { refetchInterval: 15_000 });
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [isOpen, setOpen] = useState(false);
  const mayReplay = useMay('replayDeadLetters');
  const queries = useQueryClient();
  const chosen = (letters.data?.letters ?? []).filter((letter) => ticked.has(idOf(letter)));
  return (
    <Section
      title="Dead letters"
      note="The original bytes are kept and never shown; every value is masked"
      actions={
        mayReplay && chosen.length > 0 ? (
          <Button size="xs" onClick={() => setOpen(true)}>
            Replay {formatCount(chosen.length)} …
          </Button>
        ) : undefined
      }
    >
      <Loaded query={letters} lines={6}>
        {(answer) =>
          answer.letters.length === 0 ? (
            <Empty title="None">
              A record that cannot succeed unchanged is put aside here with its bytes and its reason, so that
              it never blocks the others.
            </Empty>
          ) : (
            <Stack gap="xs">
              <DataTable
                label="Dead letters"
                rows={answer.letters}
                columns={COLUMNS}
                rowId={idOf}
                rowLabel={idOf}
                minWidth={760}
                {...(mayReplay ? { selected: ticked, onSelect: setTicked } : {})}
              />
              {answer.more && (
                <Text size="sm" className="muted">
                  There are more; these are the newest.
                </Text>
              )}
            </Stack>
          )
        }
      </Loaded>
      {isOpen && (
        <ReplayLetters
          letters={chosen}
          onClose={() => setOpen(false)}
          onDone={() => {
            setTicked(new Set());
            void refresh(queries, '/dead-letters', '/operations');
          }}
        />
      )}
    </Section>
  );
}

interface ReplayLettersProps {
  readonly letters: readonly Letter[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function ReplayLetters({ letters, onClose, onDone }: ReplayLettersProps) {
  const named = letters.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
  const before = letters.filter(({ replayedAt }) => replayedAt !== null).length;
  return (
    <CommandDialog
      title="Replay dead letters"
      actLabel="Replay"
      isOpen
      onClose={onClose}
      onDone={onDone}
      preview={async () => {
        const { replayed, skipped } = await answerOf(
          http.POST('/dead-letters/replay', { body: { letters: named, preview: true, why: PREVIEW_WHY } }),
        );
        return {
          sentence: `${formatCount(replayed)} go back to the topic they came from${
            skipped.length === 0
              ? ''
              : `; ${formatCount(skipped.length)} stay: ${[...new Set(skipped.map(({ because }) => because))].join('; ')}`
          }.`,
          isImpossible: replayed === 0 && before === 0,
          doneBefore: before === 0 ? undefined : `${formatCount(before)} of them were replayed before.`,
        };
      }}
      act={async ({ why, force }) => {
        const { replayed } = await answerOf(
          http.POST('/dead-letters/replay', { body: { letters: named, again: force, why } }),
        );
        return `${formatCount(replayed)} are on their topic again.`;
      }}
    />
  );
}

const COLUMNS: readonly Column<Letter>[] = [
  {
    id: 'why',
    header: 'Why',
    cell: ({ meaning, whatToDo, detail, reason }) => (
      <>
        <Text size="sm" fw={500}>
          {meaning}
        </Text>
        <Text size="xs" className="muted">
          <code>{reason}</code> · {whatToDo}
        </Text>
        {detail !== null && (
          <Text size="xs" className="quote">
            {detail}
          </Text>
        )}
      </>
    ),
  },
  {
    id: 'where',
    header: 'Came from',
    cell: ({ source, group, stage, orderKey }) => (
      <>
        <Text size="sm">
          {source.topic} {source.partition === null ? '' : `${source.partition}/${source.offset}`}
        </Text>
        <Text size="xs" className="muted">
          {group}, {stage}
        </Text>
        {orderKey !== null && (
          <Anchor component={Link} href={href('/orders', { order: orderKey })} size="xs">
            {orderKey}
          </Anchor>
        )}
      </>
    ),
  },
  {
    id: 'shape',
    header: 'Masked content',
    cell: ({ shape, bytes }) => (
      <details>
        <summary>{formatCount(bytes)} bytes</summary>
        <Code block>{JSON.stringify(shape, undefined, 1)}</Code>
      </details>
    ),
  },
  {
    id: 'at',
    header: 'When',
    cell: ({ at, attempts, replayedAt, replayable }) => (
      <Group gap={4}>
        <Text size="sm" component="span">
          <Age at={at} none="unknown" />, {attempts} attempts
        </Text>
        {replayedAt !== null && <Badge color="gray">replayed</Badge>}
        {!replayable && <Badge color="gray">cannot be replayed</Badge>}
      </Group>
    ),
  },
];
