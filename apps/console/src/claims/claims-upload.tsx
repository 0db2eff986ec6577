import { Alert, Button, FileInput, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, http } from '../api/client.ts';
import type { ClaimLine, ClaimsResult } from '../api/model.ts';
import { refresh } from '../api/refresh.ts';
import { type Column, DataTable } from '../display/data-table.tsx';
import { formatCount, formatSums } from '../display/format.ts';
import { notify } from '../display/notify.tsx';
import { Section } from '../display/section.tsx';
import { FirstFailure } from '../display/states.tsx';

const EXAMPLE = 'order,email\nA-1001,buyer@example.com';

/** The two steps: what matches, then the claims. */
function useClaims(marketplace: string, csv: string, source: string, onDone: () => void) {
  const queries = useQueryClient();
  const send = (isPreview: boolean) =>
    answerOf(
      http.POST('/contact-claims', {
        body: {
          csv,
          source: source.trim(),
          preview: isPreview,
          ...(marketplace === '' ? {} : { marketplace }),
        },
      }),
    );
  const preview = useMutation({ mutationFn: () => send(true) });
  const claim = useMutation({
    mutationFn: () => send(false),
    onSuccess: ({ matched }) => {
      notify({ message: `${formatCount(matched)} contacts claimed; their orders go on by themselves.` });
      onDone();
      preview.reset();
      void refresh(queries, '/contact-claims', '/exceptions', '/orders');
    },
  });
  return { preview, claim };
}

/** A CSV of order numbers and addresses: what would match first, then the claims. */
export function ClaimsUpload({ marketplace }: { marketplace: string }) {
  const [csv, setCsv] = useState('');
  const [source, setSource] = useState('');
  const { preview, claim } = useClaims(marketplace, csv, source, () => setCsv(''));
  const change = (text: string) => {
    setCsv(text);
    preview.reset();
  };
  return (
    <Section
      title="Claim contacts by CSV"
      note="A heading line, then one line per order: order number (or basket number, or order key) and email"
    >
      <Stack gap="sm">
        <Group align="flex-end" grow preventGrowOverflow={false}>
          <FileInput
            label="CSV file"
            placeholder="Choose a file"
            accept=".csv,text/csv,text/plain"
            clearable
            clearButtonProps={{ 'aria-label': 'Take the file away' }}
            onChange={(file) => void file?.text().then(change)}
          />
          <TextInput
            label="Where do the addresses come from, and why may they be used?"
            value={source}
            onChange={(event) => setSource(event.currentTarget.value)}
          />
        </Group>
        <Textarea
          label="Or paste the lines"
          placeholder={EXAMPLE}
          autosize
          minRows={3}
          maxRows={8}
          spellCheck={false}
          value={csv}
          onChange={(event) => change(event.currentTarget.value)}
        />
        <FirstFailure errors={[preview.error, claim.error]} />
        {preview.data !== undefined && <Preview result={preview.data} />}
        <Group justify="flex-end" gap="xs">
          <Button
            variant="default"
            disabled={csv.trim() === '' || source.trim() === ''}
            loading={preview.isPending}
            onClick={() => preview.mutate()}
          >
            Look what matches
          </Button>
          <ClaimButton
            matched={preview.data?.matched}
            isBusy={claim.isPending}
            onClick={() => claim.mutate()}
          />
        </Group>
      </Stack>
    </Section>
  );
}

function ClaimButton(props: { matched: number | undefined; isBusy: boolean; onClick: () => void }) {
  return (
    <Button disabled={(props.matched ?? 0) === 0} loading={props.isBusy} onClick={props.onClick}>
      Claim {props.matched === undefined ? '' : formatCount(props.matched)}
    </Button>
  );
}

function Preview({ result }: { result: ClaimsResult }) {
  return (
    <Stack gap="xs">
      <Alert
        color={result.unmatched === 0 ? 'teal' : 'yellow'}
        title={`${formatCount(result.matched)} orders match, worth ${formatSums(result.money)}`}
        role="status"
      >
        <Text size="sm">
          {result.unmatched === 0
            ? 'Every line claims an order.'
            : `${formatCount(result.unmatched)} lines claim nothing; the reason stands beside each.`}
        </Text>
      </Alert>
      <DataTable
        label="Lines of the CSV"
        rows={result.lines}
        columns={COLUMNS}
        rowId={({ line }) => String(line)}
        minWidth={480}
      />
    </Stack>
  );
}

const COLUMNS: readonly Column<ClaimLine>[] = [
  { id: 'line', header: 'Line', align: 'right', sortBy: ({ line }) => line, cell: ({ line }) => line },
  { id: 'order', header: 'Order', cell: ({ order }) => order },
  { id: 'address', header: 'Address', cell: ({ masked }) => <code>{masked}</code> },
  { id: 'result', header: 'Result', sortBy: ({ result }) => result, cell: ({ sentence }) => sentence },
];
