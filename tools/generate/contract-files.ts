import { ALL_TOPICS, ceHeaders, deadLetterTopicsOf, REASONS, traceHeaders } from '@watertight/contracts';
import type { TopicDefinition } from '@watertight/contracts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Files by path from the root: what is committed must equal what is generated. */
export type GeneratedFiles = ReadonlyMap<string, string>;

export function contractFiles(root: string): GeneratedFiles {
  const files = new Map<string, string>();
  for (const topic of ALL_TOPICS) {
    files.set(`libs/contracts/schemas/${topic.name}.json`, json(schemaOf(topic)));
  }
  files.set('libs/contracts/asyncapi.yaml', asyncApi(root));
  files.set('docs/generated/topics.md', topicsPage());
  files.set('docs/generated/reasons.md', reasonsPage());
  return files;
}

/** The plain JSON Schema of a topic's value. */
export function schemaOf(topic: TopicDefinition): Record<string, unknown> {
  const plain: Record<string, unknown> = JSON.parse(JSON.stringify(topic.schema));
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...plain };
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function asyncApi(root: string): string {
  const channels: Record<string, unknown> = {};
  const operations: Record<string, unknown> = {};
  const messages: Record<string, unknown> = {};
  for (const topic of ALL_TOPICS) {
    const id = topic.name.replaceAll('.', '-');
    const { $schema: _schema, $id: _id, ...payload } = schemaOf(topic);
    messages[id] = {
      name: topic.name,
      title: String(payload['title']),
      contentType: 'application/json',
      headers: { $ref: '#/components/schemas/headers' },
      bindings: { kafka: { key: { type: 'string', description: topic.key } } },
      payload,
      examples: examplesOf(root, topic.name),
    };
    channels[id] = {
      address: topic.name,
      description: topic.description,
      messages: { [id]: { $ref: `#/components/messages/${id}` } },
      bindings: {
        kafka: {
          topic: topic.name,
          partitions: topic.partitions,
          topicConfiguration: {
            'cleanup.policy': [topic.cleanup],
            ...(topic.retentionMs === null ? {} : { 'retention.ms': topic.retentionMs }),
          },
        },
      },
    };
    operations[`${topic.open ? 'subscribe' : 'internal'}-${id}`] = {
      action: 'receive',
      channel: { $ref: `#/channels/${id}` },
      summary: topic.open ? 'Open to other internal systems' : "Between this system's own services",
    };
  }
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Watertight topics',
      version: '1.0.0',
      description:
        'Marketplace orders as canonical buyer events. Values are JSON; CloudEvents 1.0 attributes are headers.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages, schemas: { headers: headersSchema() } },
  };
  return `# Generated from libs/contracts: npm run generate\n${stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function headersSchema(): unknown {
  const names = [...Object.values(ceHeaders), ...Object.values(traceHeaders)];
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) };
}

function examplesOf(root: string, topic: string): unknown[] {
  const folder = join(root, 'libs/contracts/examples/valid', topic);
  return readdirSync(folder)
    .sort()
    .map((file) => ({
      name: file.replace(/\.json$/, ''),
      payload: JSON.parse(readFileSync(join(folder, file), 'utf8')),
    }));
}

const DAY_MS = 86_400_000;

function topicsPage(): string {
  const rows = ALL_TOPICS.map((topic) => {
    const kept = topic.retentionMs === null ? 'compacted' : `${topic.retentionMs / DAY_MS} days`;
    const readers = topic.open ? [...topic.groups, 'other internal systems'] : topic.groups;
    return `| \`${topic.name}\` | ${topic.description} | ${topic.key} | ${kept} | ${topic.partitions} | ${topic.producers.join(', ')} | ${readers.join(', ') || '—'} |`;
  });
  const dead = ALL_TOPICS.flatMap(deadLetterTopicsOf).map((name) => `- \`${name}\``);
  return [
    '# Topics',
    '',
    'Generated from `libs/contracts/src/topics.ts`.',
    '',
    '| topic | holds | key | kept | partitions | written by | read by |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    'Dead letters (the original bytes, kept 30 days):',
    '',
    ...dead,
    '',
  ].join('\n');
}

function reasonsPage(): string {
  const rows = Object.entries(REASONS).map(
    ([code, reason]) =>
      `| \`${code}\` | ${reason.meaning} | ${reason.bucket ?? '—'} | ${reason.owner} | ${reason.severity} | ${reason.dueHours === null ? '—' : `${reason.dueHours} h`} | ${reason.whatToDo} | ${reason.resolvesWhen} |`,
  );
  return [
    '# Reason codes',
    '',
    'Generated from `libs/contracts/src/reasons/`.',
    '',
    '| code | means | bucket | owner | severity | due | what to do | resolves itself when |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
