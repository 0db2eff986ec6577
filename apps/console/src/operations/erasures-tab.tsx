import { Alert, Badge, Button, List, Modal, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, http } from '../api/client.ts';
import type { Erasure } from '../api/model.ts';
import { refresh } from '../api/refresh.ts';
import { useMay } from '../api/use-me.ts';
import { EmailField, TwoStepForm } from '../commands/two-step-form.tsx';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount } from '../display/format.ts';
import { notify } from '../display/notify.tsx';
import { Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { Age } from '../display/time.tsx';

/** People who were erased everywhere, with the receipt of each stage. */
export function ErasuresTab() {
  const erasures = api.useQuery('get', '/erasures', {}, { refetchInterval: 5_000 });
  const mayErase = useMay('erase');
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <Section
      title="Erasures"
      note="A person is removed everywhere, for good; only a keyed hash stays, so that a replay cannot bring them back"
      actions={
        mayErase ? (
          <Button size="xs" variant="default" onClick={dialog.open}>
            Erase a person …
          </Button>
        ) : undefined
      }
    >
      <Loaded query={erasures} lines={5}>
        {(answer) =>
          answer.erasures.length === 0 ? (
            <Empty title="None">
              An administrator can have a person erased; the receipts then stand here.
            </Empty>
          ) : (
            <DataTable
              label="Erasures"
              rows={answer.erasures}
              rowId={({ buyerId }) => buyerId}
              columns={COLUMNS}
            />
          )
        }
      </Loaded>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title="Erase a person"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <EraseForm onClose={dialog.close} />
      </Modal>
    </Section>
  );
}

const COLUMNS: readonly Column<Erasure>[] = [
  {
    id: 'who',
    header: 'Buyer (hash)',
    cell: ({ buyerId }) => <code>{buyerId.slice(0, 12)}…</code>,
  },
  {
    id: 'at',
    header: 'Asked for',
    cell: ({ requestedAt, requestedBy }) => (
      <>
        <Age at={requestedAt} /> by {requestedBy}
      </>
    ),
  },
  { id: 'why', header: 'Why', cell: ({ why }) => why },
  {
    id: 'receipts',
    header: 'Receipts',
    cell: ({ receipts, waitingFor }) => (
      <List size="xs" listStyleType="none">
        {receipts.map(({ stage, done, detail }) => (
          <List.Item key={stage}>
            {done ? '✓' : '…'} {stage}: {detail}
          </List.Item>
        ))}
        {waitingFor.map((stage) => (
          <List.Item key={stage}>… {stage}: not yet</List.Item>
        ))}
      </List>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ complete }) =>
      complete ? <Badge color="teal">complete</Badge> : <Badge color="gray">under way</Badge>,
  },
];

function EraseForm({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [why, setWhy] = useState('');
  const queries = useQueryClient();
  const send = (preview: boolean) =>
    answerOf(http.POST('/erasures', { body: { email: email.trim(), why: why.trim(), preview } }));
  const preview = useMutation({ mutationFn: () => send(true) });
  const erase = useMutation({
    mutationFn: () => send(false),
    onSuccess: () => {
      notify({ message: 'The erasure has been asked for; its receipts appear here.' });
      onClose();
      return refresh(queries, '/erasures', '/orders', '/balance');
    },
  });
  return (
    <TwoStepForm
      preview={preview}
      act={erase}
      canAct={preview.data !== undefined}
      isFilled={email.trim().length >= 3 && why.trim() !== ''}
      previewLabel="Look what it is about"
      actLabel="Erase for good"
      onCancel={onClose}
    >
      <EmailField
        label="Their email address"
        value={email}
        onChange={(entered) => {
          setEmail(entered);
          preview.reset();
        }}
      />
      <Textarea label="Why?" value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
      {preview.data !== undefined && (
        <Alert color="yellow" title="This cannot be taken back" role="status">
          <Text size="sm">
            {formatCount(preview.data.orders)} orders of this person are known. Their contact, profile and
            events are removed here and at Klaviyo; the orders stay in the sums.
          </Text>
        </Alert>
      )}
    </TwoStepForm>
  );
}
