import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REASON_CODES } from '@watertight/contracts';
import { PAGE_DOCUMENTS } from '../../apps/console/src/help/page-documents.ts';
import { PAGES } from '../../apps/console/src/shell/pages.ts';
import { reasonWords } from '../../apps/leakage-monitor/src/ledger/reason-words.ts';
import { findBrokenLinks, findUnlinked } from './find-broken-links.ts';
import { findMissingPaths } from './find-missing-paths.ts';
import { findUnhandledCalls } from './find-unhandled-calls.ts';
import { findUndocumented, type NameRegistry } from './find-undocumented.ts';
import { nameRegistries } from './name-registries.ts';
import { readDocuments, type Document } from './read-documents.ts';

const registries = nameRegistries(join(import.meta.dirname, '../..'));

function registryOf(kind: string): NameRegistry {
  const found = registries.find((registry) => registry.kind === kind);
  assert.ok(found, kind);
  return found;
}

/** Pages that tell of every name of a kind, at the places where it must be told. */
function pagesOf({ documentedIn, names }: NameRegistry): Document[] {
  const paths = documentedIn === 'anywhere' ? ['docs/any.md'] : documentedIn;
  return paths.map((path) => ({ path, text: [...names].map((name) => `\`${name}\``).join('\n') }));
}

const planted: readonly [kind: string, invented: string][] = [
  ['reason code', 'contact.too_shy'],
  ['topic', 'buyer.wishes.v1'],
  ['topic', 'buyer.events.v1.mirakl-ingest.dlq'],
  ['metric', 'watertight_laughs_total'],
  ['call of the API', 'GET /api/v1/horoscope'],
  ['profile property', 'Marketplace Shoe Size'],
  ['event property', 'OrderNumber'],
  ['command', 'npm run dance'],
  ['name in capitals', 'KLAVIYO_FAVOURITE_COLOUR'],
];

for (const [kind, invented] of planted) {
  test(`planted: a ${kind} that documents speak of and that does not exist (${invented})`, () => {
    const registry = registryOf(kind);
    const page: Document = { path: 'docs/handover/planted.md', text: `Look at \`${invented}\`.` };
    // A name in capitals exists as soon as it stands in any source, and this is one.
    const held = kind === 'name in capitals' ? withoutPlanted(registry, invented) : registry;
    const problems = findUndocumented([held], [...pagesOf(registry), page]);
    assert.equal(problems.length, 1, problems.join('\n'));
    assert.match(problems[0] ?? '', /planted\.md speaks of the .*, which does not exist/);
  });
}

function withoutPlanted(registry: NameRegistry, name: string): NameRegistry {
  return { ...registry, alsoKnown: new Set([...registry.alsoKnown].filter((known) => known !== name)) };
}

for (const registry of registries.filter(({ documentedIn }) => documentedIn.length > 0)) {
  test(`planted: a ${registry.kind} without its documentation`, () => {
    assert.ok(registry.names.size > 0);
    assert.deepEqual(findUndocumented([registry], pagesOf(registry)), []);
    const grown = { ...registry, names: new Set([...registry.names, 'a name that nobody told of']) };
    assert.equal(findUndocumented([grown], pagesOf(registry)).length, pagesOf(registry).length);
  });
}

test('a page that is missing altogether is a problem, not a pass', () => {
  const problems = findUndocumented([registryOf('topic')], []);
  assert.match(problems.join(), /docs\/generated\/topics\.md is missing/);
});

test('settings of the policy and fields of messages are not taken for reason codes', () => {
  const { mentionedIn, alsoKnown, names } = registryOf('reason code');
  for (const name of ['contact.use', 'contact.email']) {
    assert.deepEqual(mentionedIn(name), [name]);
    assert.ok(alsoKnown.has(name) && !names.has(name), name);
  }
});

test('links: to a file, to a heading, and what leads nowhere', () => {
  const pages: Document[] = [
    {
      path: 'docs/a.md',
      text: '# A\n\n[b](b.md#second-part) [a](#a) [web](https://example.com/x) [code](../src/x.ts)',
    },
    {
      path: 'docs/b.md',
      text: '# B\n\n## Second part\n\n[gone](c.md) [no heading](a.md#b)\n\n```\n[not](a-link.md)\n```',
    },
  ];
  const exists = (path: string): boolean => ['docs/a.md', 'docs/b.md', 'src/x.ts'].includes(path);
  assert.deepEqual(findBrokenLinks(pages, exists), [
    'docs/b.md: the link c.md leads to no file',
    'docs/b.md: the link a.md#b leads to no heading of docs/a.md',
  ]);
});

test('planted: a page that no other page links to', () => {
  const pages: Document[] = [
    { path: 'README.md', text: '[a](docs/a.md)' },
    { path: 'docs/a.md', text: '# A' },
    { path: 'docs/alone.md', text: '# Alone\n\n[alone](#alone) [again](alone.md)' },
  ];
  assert.deepEqual(findUnlinked(pages), [
    'docs/alone.md: no document links to it; link it where a reader would look for it',
  ]);
});

test('each flow has the same pages', () => {
  const flows = join(import.meta.dirname, '../../docs/flows');
  const pages = readdirSync(flows).map((flow) => [flow, readdirSync(join(flows, flow)).sort()]);
  const same = ['README.md', 'data-mapping.md', 'troubleshoot.md'];
  assert.deepEqual(
    pages,
    ['backfill', 'contact-claim', 'erasure', 'order', 'refund', 'replay'].map((flow) => [flow, same]),
  );
});

test('the page that console and API name for each reason has a heading for it', () => {
  const root = join(import.meta.dirname, '../..');
  const documents = readDocuments(root);
  const links = [...REASON_CODES, 'of.newer_version'].map(
    (code) => `[${code}](${reasonWords(code).runbook})`,
  );
  const exists = (path: string): boolean => existsSync(join(root, path));
  assert.deepEqual(
    findBrokenLinks([...documents, { path: 'docs/planted.md', text: links.join('\n') }], exists),
    [],
  );
});

test('each page of the console leads to a document that is there', () => {
  const root = join(import.meta.dirname, '../..');
  const titles = PAGES.map(({ name }) => name).filter((name) => name !== 'Help');
  assert.deepEqual(Object.keys(PAGE_DOCUMENTS), titles);
  for (const { doc } of Object.values(PAGE_DOCUMENTS)) assert.ok(existsSync(join(root, 'docs', doc)), doc);
});

test('planted: a call of the API that nobody answers, and an answer that is not documented', () => {
  const controller =
    "@Controller('api/v1/orders')\nclass A {\n @Get(':orderKey') a() {}\n @Post('new') b() {} }";
  const documented = [
    { method: 'GET', path: '/orders/{orderKey}' },
    { method: 'GET', path: '/horoscope' },
  ];
  assert.deepEqual(findUnhandledCalls(documented, [controller]), [
    'GET /api/v1/horoscope is documented and no controller answers it',
    'POST /api/v1/orders/new is answered and not documented',
  ]);
});

test('paths of the repository that are not there', () => {
  const page: Document = {
    path: 'docs/a.md',
    text: '`apps/x/src/y.ts` `apps/gone.ts` `apps/*/src` `libs/x/`',
  };
  const exists = (path: string): boolean => ['apps/x/src/y.ts', 'libs/x'].includes(path);
  assert.deepEqual(findMissingPaths([page], exists), ['docs/a.md names apps/gone.ts, which is not there']);
});
