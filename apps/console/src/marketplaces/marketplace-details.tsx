import { Anchor, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { api } from '../api/client.ts';
import type { Marketplace } from '../api/model.ts';
import { DataTable } from '../display/data-table.tsx';
import { formatCount, formatDay } from '../display/format.ts';
import { Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { Age } from '../display/time.tsx';
import { ContactHistory } from './contact-history.tsx';
import { HealthBadge } from './health-badge.tsx';
import { MarketplaceActions } from './marketplace-actions.tsx';

/** One source over time, as it is configured, and what can be done about it. */
export function MarketplaceDetails({
  marketplace,
  onBack,
}: {
  marketplace: Marketplace;
  onBack: () => void;
}) {
  const detail = api.useQuery(
    'get',
    '/marketplaces/{id}',
    { params: { path: { id: marketplace.id } } },
    { refetchInterval: 30_000 },
  );
  return (
    <Stack gap="md">
      <Anchor component="button" type="button" size="sm" ta="left" onClick={onBack}>
        ← All marketplaces
      </Anchor>
      <Group justify="space-between">
        <Group gap="sm">
          <Title order={2}>{marketplace.name}</Title>
          <HealthBadge health={marketplace.health} />
        </Group>
        <MarketplaceActions marketplaceId={marketplace.id} name={marketplace.name} />
      </Group>
      <Loaded query={detail} lines={10}>
        {(answer) => <ContactHistory detail={answer} />}
      </Loaded>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Findings marketplace={marketplace} />
        <Stack gap="md">
          <UnknownValues marketplace={marketplace} />
          <Policy marketplace={marketplace} />
          <Settings marketplace={marketplace} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

function Findings({ marketplace }: { marketplace: Marketplace }) {
  return (
    <Section title="What the doctor found" note="Preflight checks: key, shop, permissions, fields">
      {marketplace.findings.length === 0 ? (
        <Empty title="Not examined yet">Run the doctor above; each check then says what it found.</Empty>
      ) : (
        <DataTable
          label="Findings"
          minWidth={360}
          rows={marketplace.findings}
          rowId={({ stage, check }) => `${stage}|${check}`}
          columns={[
            { id: 'check', header: 'Check', cell: ({ check }) => check },
            { id: 'result', header: 'Result', sortBy: ({ result }) => result, cell: ({ result }) => result },
            { id: 'detail', header: 'What was found', cell: ({ detail }) => detail },
            { id: 'at', header: 'When', cell: ({ at }) => <Age at={at} /> },
          ]}
        />
      )}
    </Section>
  );
}

function UnknownValues({ marketplace }: { marketplace: Marketplace }) {
  return (
    <Section title="Values nobody knows yet" note="Mirakl may add any at any time; each is reported once">
      {marketplace.unknownValues.length === 0 ? (
        <Empty title="None">Every state and code that Mirakl has sent is known.</Empty>
      ) : (
        <DataTable
          label="Unknown values"
          minWidth={320}
          rows={marketplace.unknownValues}
          rowId={({ field, value }) => `${field}|${value}`}
          columns={[
            { id: 'field', header: 'Field', cell: ({ field }) => <code>{field}</code> },
            { id: 'value', header: 'Value', cell: ({ value }) => <code>{value}</code> },
            { id: 'count', header: 'Seen', align: 'right', cell: ({ count }) => formatCount(count) },
            { id: 'at', header: 'Last', cell: ({ lastSeenAt }) => <Age at={lastSeenAt} /> },
          ]}
        />
      )}
    </Section>
  );
}

function Policy({ marketplace }: { marketplace: Marketplace }) {
  const { policy } = marketplace;
  if (policy === null) {
    return (
      <Section title="Configuration as loaded">
        <Empty title="Not configured any more">
          It is not in marketplaces.yaml; its orders stay in the ledger.
        </Empty>
      </Section>
    );
  }
  return (
    <Section title="Configuration as loaded" note="From marketplaces.yaml, without credentials">
      <Pairs
        pairs={[
          ['Address', policy.baseUrl],
          ['Shop', policy.shopId ?? 'the default shop'],
          ['API', `${marketplace.api ?? '–'}, ${policy.persona}`],
          ['Tax mode', policy.orderTaxMode],
          ['History from', formatDay(policy.backfillFrom)],
          ['Time zone', policy.timezone],
          ['Delivers', policy.deliver.replaceAll('_', ' ')],
          ['Contacts', `${policy.contactUse.replaceAll('_', ' ')}, from ${policy.emailFrom.join(', ')}`],
          ['Relay domains', policy.relayDomains.join(', ')],
          ['Attributes', policy.attributes.map(({ from, to }) => `${from} → ${to}`).join(', ')],
          [
            'Owners',
            Object.entries(policy.owners)
              .map(([role, who]) => `${role}: ${who}`)
              .join(', '),
          ],
        ]}
      />
    </Section>
  );
}

function Settings({ marketplace }: { marketplace: Marketplace }) {
  const { settings } = marketplace;
  return (
    <Section title="As Mirakl says it">
      {settings === null ? (
        <Empty title="Not read yet">
          The ingest service reads the shop’s settings at its start and once a day.
        </Empty>
      ) : (
        <Stack gap="xs">
          <Pairs
            pairs={[
              ['Shop', [settings.shopName, settings.shopId].filter((part) => part !== null).join(', ')],
              ['Currency', settings.currency ?? '–'],
              ['Tax mode', settings.taxMode ?? '–'],
              ['Time zone', settings.timezone ?? '–'],
              ['Channels', settings.channels.map(({ code, label }) => label ?? code).join(', ')],
              [
                'Features',
                Object.entries(settings.features)
                  .map(([name, value]) => `${name}: ${value}`)
                  .join(', '),
              ],
            ]}
          />
          <Text size="xs" className="muted" component="div">
            read <Age at={settings.at} />
          </Text>
        </Stack>
      )}
    </Section>
  );
}

function Pairs({ pairs }: { pairs: readonly (readonly [string, string])[] }) {
  return (
    <Table variant="vertical" layout="fixed" withRowBorders={false} verticalSpacing={3}>
      <Table.Tbody>
        {pairs
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w={120} scope="row">
                {name}
              </Table.Th>
              <Table.Td className="quote">{value}</Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  );
}
