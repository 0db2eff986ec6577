import { ALL_TOPICS, deadLetterTopicsOf, REASON_CODES } from '@watertight/contracts';
import { MarketplacesFileSchema } from '@watertight/marketplaces';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  LISTS_CUT_PROPERTY,
  PROFILE_PROPERTIES,
} from '../../apps/klaviyo-writer/src/klaviyo/profile-properties.ts';
import { ROUTES } from '../../apps/leakage-monitor/src/http/routes.ts';
import { eventPropertyNames } from './event-property-names.ts';
import type { NameRegistry } from './find-undocumented.ts';
import { listFiles } from './read-documents.ts';

const variablePattern = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g;
const nobody: ReadonlySet<string> = new Set();

/** Every kind of name that code defines and documents must agree with. Reads the sources below `root`. */
export function nameRegistries(root: string): readonly NameRegistry[] {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const sources = listFiles(root, (path) => /\.(ts|tsx|mjs|yaml|yml|json|html)$/.test(path)).filter(
    (path) => !path.startsWith('docs/') && path !== 'package-lock.json',
  );
  return [
    reasonRegistry(),
    topicRegistry(),
    metricRegistry(sources.filter((path) => /[.-]metrics\.ts$/.test(path)).map(read)),
    ...variableRegistries(sources.map((path) => ({ path, text: read(path) }))),
    apiRegistry(),
    profilePropertyRegistry(),
    eventPropertyRegistry(),
    scriptRegistry(read('package.json')),
  ];
}

function reasonRegistry(): NameRegistry {
  const areas = new Set(REASON_CODES.map((code) => code.split('.')[0] ?? ''));
  return {
    kind: 'reason code',
    names: new Set(REASON_CODES),
    documentedIn: ['docs/generated/reasons.md', 'docs/generated/exceptions.md'],
    mentionedIn: (code) =>
      /^[a-z]+\.[a-z]+(?:_[a-z]+)*$/.test(code) && areas.has(code.split('.')[0] ?? '') ? [code] : [],
    // `contact.use` is a setting of the policy, `contact.email` a field of a message.
    alsoKnown: new Set([
      ...dottedNames(MarketplacesFileSchema),
      ...ALL_TOPICS.flatMap(({ schema }) => dottedNames(schema)),
    ]),
  };
}

/** `parent.child` for every property of every object in a schema. */
function dottedNames(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(dottedNames);
  if (typeof schema !== 'object' || schema === null) return [];
  const properties = 'properties' in schema ? Object.entries(Object(schema.properties)) : [];
  const own = properties.flatMap(([name, inner]) =>
    propertiesBelow(inner).map((child) => `${name}.${child}`),
  );
  return [...own, ...Object.values(schema).flatMap(dottedNames)];
}

function propertiesBelow(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if ('properties' in schema) return Object.keys(Object(schema.properties));
  return 'anyOf' in schema && Array.isArray(schema.anyOf) ? schema.anyOf.flatMap(propertiesBelow) : [];
}

function topicRegistry(): NameRegistry {
  return {
    kind: 'topic',
    names: new Set(ALL_TOPICS.flatMap((topic) => [topic.name, ...deadLetterTopicsOf(topic)])),
    documentedIn: ['docs/generated/topics.md'],
    mentionedIn: (code) => code.match(/\b(?:mirakl|buyer|sync)\.[a-z]+\.v\d+(?:\.[a-z-]+\.dlq)?\b/g) ?? [],
    alsoKnown: nobody,
  };
}

function metricRegistry(sources: readonly string[]): NameRegistry {
  const names = new Set(
    sources.flatMap((text) =>
      [...text.matchAll(/'(watertight_[a-z0-9_]+)'/g)].flatMap(([, name]) => name ?? []),
    ),
  );
  // A histogram shows itself in three series.
  const base = (name: string): string =>
    names.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, '');
  return {
    kind: 'metric',
    names,
    documentedIn: ['docs/generated/metrics.md'],
    mentionedIn: (code) => (code.match(/\bwatertight_[a-z0-9_]+\b/g) ?? []).map(base),
    alsoKnown: new Set(['watertight_test']),
  };
}

function variableRegistries(
  sources: readonly { readonly path: string; readonly text: string }[],
): readonly NameRegistry[] {
  const listed = sources
    .filter(({ path }) => /(?:\.config|-variables)\.ts$/.test(path))
    .flatMap(({ text }) => [...text.matchAll(/^ {2}([A-Z][A-Z0-9_]+): [a-z]\w*\(/gm)])
    .flatMap(([, name]) => name ?? []);
  const written = new Set(sources.flatMap(({ text }) => text.match(variablePattern) ?? []));
  return [
    {
      kind: 'variable',
      names: new Set(listed),
      documentedIn: ['docs/generated/configuration.md'],
      mentionedIn: () => [],
      alsoKnown: nobody,
    },
    {
      // A variable of a command, a state of Mirakl's or a constant: whatever it is, it must stand in some source.
      kind: 'name in capitals',
      names: nobody,
      documentedIn: [],
      // Any variable may be given as a file: NAME_FILE.
      mentionedIn: (code) =>
        (code.match(variablePattern) ?? []).map((name) =>
          written.has(name) ? name : name.replace(/_FILE$/, ''),
        ),
      alsoKnown: new Set([...written, 'NAME']),
    },
  ];
}

function apiRegistry(): NameRegistry {
  return {
    kind: 'call of the API',
    names: new Set(ROUTES.map(({ path }) => `/api/v1${path}`)),
    documentedIn: ['docs/generated/api.md'],
    mentionedIn: (code) =>
      (code.match(/\/api\/v1\/[\w{}./-]+/g) ?? []).map((path) => path.replace(/[./]+$/, '')),
    alsoKnown: nobody,
  };
}

function profilePropertyRegistry(): NameRegistry {
  return {
    kind: 'profile property',
    names: new Set([...PROFILE_PROPERTIES.map(({ name }) => name), LISTS_CUT_PROPERTY]),
    documentedIn: ['docs/generated/klaviyo-properties.md'],
    mentionedIn: (code) => (/^Marketplace [A-Z][A-Za-z ]+$/.test(code) ? [code] : []),
    alsoKnown: nobody,
  };
}

function eventPropertyRegistry(): NameRegistry {
  const { event, item, nested } = eventPropertyNames();
  return {
    kind: 'event property',
    names: new Set([...event, ...item]),
    documentedIn: ['docs/generated/klaviyo-properties.md'],
    mentionedIn: (code) => (/^(?:[A-Z][a-z]+(?:[A-Z][A-Za-z]*)+|[A-Z]{3}s?)$/.test(code) ? [code] : []),
    alsoKnown: nested,
    within: /^docs\/(?:handover|flows)\//,
  };
}

function scriptRegistry(packageJson: string): NameRegistry {
  const { scripts } = JSON.parse(packageJson);
  return {
    kind: 'command',
    names: new Set(Object.keys(scripts).map((name) => (name === 'test' ? 'npm test' : `npm run ${name}`))),
    documentedIn: 'anywhere',
    mentionedIn: (code) => code.match(/^npm (?:test|run [a-z][a-z:-]*)/g) ?? [],
    // Of single projects.
    alsoKnown: new Set(['npm run medium', 'npm run e2e', 'npm run lint', 'npm run dev']),
  };
}
