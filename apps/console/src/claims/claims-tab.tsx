import { Anchor, Badge, Stack } from '@mantine/core';
import { Link } from 'wouter';
import { href, wanted } from '../address/href.ts';
import { api } from '../api/client.ts';
import type { ContactClaim } from '../api/model.ts';
import { useMay } from '../api/use-me.ts';
import { type Column, DataTable } from '../display/data-table.tsx';
import { Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { Age } from '../display/time.tsx';
import { ClaimsUpload } from './claims-upload.tsx';

/** Addresses that people supplied, many at once by CSV, and what became of each. */
export function ClaimsTab({ marketplace }: { marketplace: string }) {
  const claims = api.useQuery(
    'get',
    '/contact-claims',
    { params: { query: wanted({ marketplace }) } },
    { refetchInterval: 10_000 },
  );
  const mayClaim = useMay('claimContacts');
  return (
    <Stack gap="md">
      {mayClaim && <ClaimsUpload marketplace={marketplace} />}
      <Section title="Claims and what became of them" note="Addresses are shown masked">
        <Loaded query={claims} lines={5}>
          {(answer) =>
            answer.claims.length === 0 ? (
              <Empty title="No claims yet">
                When a marketplace gives no usable address, the buyer’s own can be supplied here, for one
                order in its story or for many by a CSV file. The order then goes its way by itself.
              </Empty>
            ) : (
              <DataTable
                label="Contact claims"
                rows={answer.claims}
                columns={COLUMNS}
                rowId={({ claimId }) => claimId}
              />
            )
          }
        </Loaded>
      </Section>
    </Stack>
  );
}

const STATES = { sent: 'on its way', recovered: 'recovered', not_sent: 'not sent: claim again' } as const;

const COLUMNS: readonly Column<ContactClaim>[] = [
  {
    id: 'order',
    header: 'Order',
    cell: ({ orderKey }) => (
      <Anchor component={Link} href={href('/orders', { order: orderKey })} size="sm">
        {orderKey}
      </Anchor>
    ),
  },
  { id: 'address', header: 'Address', cell: ({ masked }) => <code>{masked}</code> },
  { id: 'source', header: 'From', cell: ({ source }) => source },
  { id: 'by', header: 'By', cell: ({ requestedBy }) => requestedBy },
  { id: 'at', header: 'When', cell: ({ requestedAt }) => <Age at={requestedAt} /> },
  {
    id: 'state',
    header: 'What became of it',
    cell: ({ state }) => <Badge color={state === 'recovered' ? 'teal' : 'gray'}>{STATES[state]}</Badge>,
  },
];
