import { Anchor, Group, Kbd, SimpleGrid, Stack, Table, Text, TextInput } from '@mantine/core';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import { useFilters } from '../address/use-filters.ts';
import { api } from '../api/client.ts';
import { BUCKET_LABELS, isBucket } from '../display/buckets.ts';
import { isOwner, OWNER_LABELS } from '../display/owners.tsx';
import { PageHead, Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { PAGES } from '../shell/pages.ts';
import { DocumentPage } from './document-page.tsx';
import { DOCUMENTS } from './documents.ts';
import reasons from './reasons.json' with { type: 'json' };

const FILTERS = ['word', 'doc'] as const;

/** What does this word mean? */
export function HelpPage() {
  const [{ word, doc }, change] = useFilters(FILTERS);
  if (doc !== '') return <DocumentPage path={doc} onBack={() => change({ doc: '' })} />;
  const text = word.toLowerCase();
  return (
    <Stack gap="md">
      <PageHead title="Help" question="What does this word mean?">
        <TextInput
          size="xs"
          w={240}
          placeholder="A word, a number, a reason"
          aria-label="Find a word"
          value={word}
          onChange={(event) => change({ word: event.currentTarget.value })}
        />
      </PageHead>
      {text === '' && (
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
          <Documents />
          <Shortcuts />
        </SimpleGrid>
      )}
      <Definitions text={text} />
      <Reasons text={text} />
    </Stack>
  );
}

function Definitions({ text }: { text: string }) {
  const answer = api.useQuery('get', '/definitions');
  return (
    <Section title="What each number counts" note="The same sentence as on hover, in the API and in the docs">
      <Loaded query={answer} lines={10}>
        {({ definitions }) => {
          const found = Object.entries(definitions).filter(([name, sentence]) =>
            `${name} ${labelOf(name)} ${sentence}`.toLowerCase().includes(text),
          );
          return found.length === 0 ? (
            <Empty title="No such number">Try another word, or look at the reasons below.</Empty>
          ) : (
            <div className="columns">
              {found.map(([name, sentence]) => (
                <div key={name}>
                  <Text size="sm" fw={600}>
                    {labelOf(name)}
                  </Text>
                  <Text size="sm">{sentence}</Text>
                </div>
              ))}
            </div>
          );
        }}
      </Loaded>
    </Section>
  );
}

/** "optInRate" → "opt in rate"; buckets by the name that the console gives them. */
function labelOf(name: string): string {
  if (isBucket(name)) return BUCKET_LABELS[name];
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function Reasons({ text }: { text: string }) {
  const found = Object.entries(reasons).filter(([code, { meaning, whatToDo }]) =>
    `${code} ${meaning} ${whatToDo}`.toLowerCase().includes(text),
  );
  return (
    <Section title="Reasons" note="Why an order stops, or a source or stage needs somebody">
      {found.length === 0 ? (
        <Empty title="No such reason">Reasons are written as area.cause; try a part of one.</Empty>
      ) : (
        <div className="table-scroll" role="region" aria-label="Reasons" tabIndex={0}>
          <Table miw={760} verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                {['Reason', 'What it means', 'What to do', 'It resolves itself when', 'Whose job'].map(
                  (head) => (
                    <Table.Th key={head} scope="col">
                      {head}
                    </Table.Th>
                  ),
                )}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.map(([code, { meaning, whatToDo, resolvesWhen, owner }]) => (
                <Table.Tr key={code}>
                  <Table.Td>
                    <Anchor
                      component={Link}
                      href={href('/exceptions', { reason: code, state: 'all' })}
                      size="sm"
                    >
                      <code>{code}</code>
                    </Anchor>
                  </Table.Td>
                  <Table.Td>{meaning}</Table.Td>
                  <Table.Td>{whatToDo}</Table.Td>
                  <Table.Td>{resolvesWhen}</Table.Td>
                  <Table.Td>{isOwner(owner) ? OWNER_LABELS[owner] : owner}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Section>
  );
}

function Documents() {
  return (
    <Section title="Documents" note="The handover documents and runbooks">
      <Stack gap="md">
        {[...Map.groupBy(DOCUMENTS, ({ section }) => section)].map(([section, documents]) => (
          <div key={section}>
            <Text size="sm" fw={600} tt="capitalize">
              {section}
            </Text>
            <Stack gap={4} className="columns">
              {documents.map(({ path, title, summary }) => (
                <Anchor
                  key={path}
                  component={Link}
                  href={href('/help', { doc: path })}
                  size="sm"
                  title={summary}
                >
                  {title}
                </Anchor>
              ))}
            </Stack>
          </div>
        ))}
      </Stack>
    </Section>
  );
}

function Shortcuts() {
  return (
    <Section title="Keys">
      <Stack gap={4}>
        <Group gap="xs">
          <Kbd>/</Kbd>
          <Text size="sm">Find an order</Text>
        </Group>
        {PAGES.map(({ name, keys }) => (
          <Group key={name} gap="xs">
            {keys.split(' ').map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
            <Text size="sm">{name}</Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}
