import { Text } from '@mantine/core';
import { api } from '../api/client.ts';
import { useMay } from '../api/use-me.ts';
import { DataTable } from '../display/data-table.tsx';
import { Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { Moment } from '../display/time.tsx';

/** Who did what, when and why. */
export function AuditTab() {
  const mayRead = useMay('readAuditLog');
  const log = api.useQuery('get', '/audit-log', {}, { enabled: mayRead });
  if (!mayRead) return <Text className="muted">An operator can read the audit log.</Text>;
  return (
    <Section title="Audit log" note="Who did what, when and why, the newest first">
      <Loaded query={log} lines={8}>
        {({ entries }) =>
          entries.length === 0 ? (
            <Empty title="Nothing yet">
              Every change made by a person, and every reveal of an address, is kept here.
            </Empty>
          ) : (
            <DataTable
              label="Audit log"
              rows={entries}
              rowId={({ id }) => id}
              columns={[
                { id: 'at', header: 'When', cell: ({ at }) => <Moment at={at} /> },
                { id: 'who', header: 'Who', cell: ({ actor, role }) => `${actor} (${role})` },
                { id: 'what', header: 'What', cell: ({ action }) => <code>{action}</code> },
                { id: 'about', header: 'About', cell: ({ about }) => about ?? '' },
                { id: 'why', header: 'Why', cell: ({ why }) => why ?? '' },
              ]}
            />
          )
        }
      </Loaded>
    </Section>
  );
}
