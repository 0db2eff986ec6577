import {
  ActionIcon,
  Button,
  CopyButton,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answerOf, api, http } from '../api/client.ts';
import type { MappingPreview } from '../api/model.ts';
import { Section } from '../display/section.tsx';
import { FirstFailure, Loaded } from '../display/states.tsx';
import { PreviewOrders } from './preview-orders.tsx';

type Entry = MappingPreview['mappings'][number];

const ON = ['event', 'line', 'profile'] as const;
const AS = ['text', 'number', 'boolean', 'date', 'list'] as const;

interface MappingEditorProps {
  readonly marketplaceId: string;
  /** What stands above the editor; may add a field to it. */
  readonly children: (add: (field: string) => void) => ReactNode;
}

/** The mapping as it would be, on real recent orders, before and after, and the YAML to commit. Changes nothing. */
export function MappingEditor({ marketplaceId, children }: MappingEditorProps) {
  const loaded = api.useQuery('get', '/mapping/preview', {
    params: { query: { marketplace: marketplaceId } },
  });
  const [entries, setEntries] = useState<readonly Entry[]>();
  const preview = useMutation({
    mutationFn: (attributes: readonly Entry[]) =>
      answerOf(
        http.POST('/mapping/preview', { body: { marketplace: marketplaceId, attributes: [...attributes] } }),
      ),
  });
  const current = entries ?? loaded.data?.mappings ?? [];
  const add = (field: string) =>
    setEntries([...current, { from: field, to: titleOf(field), on: 'event', as: 'text' }]);
  const shown = preview.data ?? loaded.data;
  return (
    <Stack gap="md">
      {children(add)}
      <Section
        title="Try a mapping"
        note="On the newest 50 orders, without anything of the buyer; nothing changes until the YAML is committed"
        actions={
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={() => add('additional:')}>
              Add a field
            </Button>
            <Button size="xs" loading={preview.isPending} onClick={() => preview.mutate(current)}>
              Preview
            </Button>
          </Group>
        }
      >
        <Loaded query={loaded} lines={5}>
          {() => (
            <Stack gap="xs">
              <Entries entries={current} onChange={setEntries} />
              <FirstFailure errors={[preview.error]} />
            </Stack>
          )}
        </Loaded>
      </Section>
      {shown !== undefined && (
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
          <PreviewOrders preview={shown} />
          <Yaml text={shown.yaml} marketplaceId={marketplaceId} />
        </SimpleGrid>
      )}
    </Stack>
  );
}

function Entries({
  entries,
  onChange,
}: {
  entries: readonly Entry[];
  onChange: (entries: readonly Entry[]) => void;
}) {
  if (entries.length === 0) {
    return (
      <Text size="sm" className="muted">
        Nothing is mapped yet. Press “Map” beside a field above, give it a name for marketers, then look at
        the preview.
      </Text>
    );
  }
  return entries.map((entry, place) => (
    <EntryRow
      key={place}
      entry={entry}
      onChange={(changed) => onChange(entries.map((one, at) => (at === place ? changed : one)))}
      onRemove={() => onChange(entries.filter((_, at) => at !== place))}
    />
  ));
}

/** "additional:gift-wrap" → "Gift Wrap". */
function titleOf(field: string): string {
  const name = field.slice(Math.max(field.lastIndexOf(':'), field.lastIndexOf('.')) + 1);
  return name
    .split(/[-_\s]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

interface EntryRowProps {
  readonly entry: Entry;
  readonly onChange: (entry: Entry) => void;
  readonly onRemove: () => void;
}

function EntryRow({ entry, onChange, onRemove }: EntryRowProps) {
  return (
    <Group gap="xs" wrap="wrap">
      <TextInput
        size="xs"
        aria-label="Field at Mirakl"
        value={entry.from}
        onChange={(event) => onChange({ ...entry, from: event.currentTarget.value })}
      />
      <Text size="sm" aria-hidden="true">
        →
      </Text>
      <TextInput
        size="xs"
        aria-label="Name in Klaviyo"
        value={entry.to}
        onChange={(event) => onChange({ ...entry, to: event.currentTarget.value })}
      />
      <Select
        size="xs"
        w={100}
        aria-label="Where it goes"
        data={[...ON]}
        value={entry.on}
        allowDeselect={false}
        onChange={(value) => onChange({ ...entry, on: ON.find((known) => known === value) ?? entry.on })}
      />
      <Select
        size="xs"
        w={100}
        aria-label="Kind of value"
        data={[...AS]}
        value={entry.as}
        allowDeselect={false}
        onChange={(value) => onChange({ ...entry, as: AS.find((known) => known === value) ?? entry.as })}
      />
      <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${entry.from}`} onClick={onRemove}>
        ✕
      </ActionIcon>
    </Group>
  );
}

function Yaml({ text, marketplaceId }: { text: string; marketplaceId: string }) {
  return (
    <Section
      title="The YAML to commit"
      note={`In marketplaces.yaml, at ${marketplaceId}`}
      actions={
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy the YAML'}
            </Button>
          )}
        </CopyButton>
      }
    >
      <pre className="yaml" tabIndex={0} role="region" aria-label="YAML">
        {text}
      </pre>
    </Section>
  );
}
