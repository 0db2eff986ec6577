import {
  BUCKET_MEANINGS,
  REASON_CODES,
  reasonOf,
  type OwnerRole,
  type ReasonCode,
  type Severity,
} from '@watertight/contracts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { json, type GeneratedFiles } from './contract-files.ts';
import { anchorOf } from './markdown.ts';

const exceptionsPage = 'docs/generated/exceptions.md';

const owners: Readonly<Record<OwnerRole, string>> = {
  marketing: 'Marketing',
  operations: 'Operations',
  platform: 'Platform',
};

const severities: Readonly<Record<Severity, string>> = {
  high: 'high: money or orders are missing until somebody acts',
  medium: 'medium: sums or segments are not complete',
  low: 'low: to be looked at, nothing is lost',
  info: 'for information',
};

/** The handover pages that follow from code: every kind of exception, and the index that the console's Help reads. */
export function handoverFiles(root: string): GeneratedFiles {
  return new Map([
    [exceptionsPage, exceptionsText()],
    ['docs/generated/help.json', json(helpIndex(root))],
  ]);
}

function exceptionsText(): string {
  const sections = Object.entries(owners).flatMap(([owner, title]) => [
    `## ${title}`,
    '',
    ...REASON_CODES.filter((code) => reasonOf(code).owner === owner).flatMap(reasonLines),
  ]);
  return [
    '# Every kind of exception: whose job, by when, what to do',
    '',
    'Generated from `libs/contracts/src/reasons/`. The code in a heading is what console, API and alerts call it. What',
    'has no due time needs nobody. How the desk is worked: [the weekly review](../handover/weekly-review.md).',
    '',
    ...sections,
  ].join('\n');
}

function reasonLines(code: ReasonCode): readonly string[] {
  const { meaning, bucket, severity, dueHours, whatToDo, resolvesWhen } = reasonOf(code);
  return [
    `### ${code}`,
    '',
    `${meaning}.`,
    '',
    `- **What to do**: ${whatToDo}.`,
    `- **Due**: ${dueInWords(dueHours)}. **Weight**: ${severities[severity]}.`,
    `- **Ends by itself when**: ${lowerFirst(resolvesWhen)}.`,
    `- **The order meanwhile**: ${bucket === null ? 'is not held up by this' : `${bucket.replaceAll('_', ' ')} (${lowerFirst(BUCKET_MEANINGS[bucket])})`}.`,
    '',
  ];
}

function dueInWords(hours: number | null): string {
  if (hours === null) return 'nobody needs to act';
  if (hours % 24 !== 0) return `within ${hours} hours`;
  return hours === 24 ? 'within a day' : `within ${hours / 24} days`;
}

function lowerFirst(sentence: string): string {
  return /^[A-Z][a-z']*\b/.test(sentence) && !/^(Mirakl|Klaviyo)\b/.test(sentence)
    ? `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`
    : sentence;
}

export interface HelpPage {
  /** Stable: part of the address in the console. */
  readonly id: string;
  readonly section: 'handover' | 'flows' | 'reference' | 'platform' | 'decisions' | 'runbooks';
  readonly title: string;
  /** The first paragraph. */
  readonly summary: string;
  /** From the root of the repository. */
  readonly file: string;
}

export interface HelpIndex {
  readonly pages: readonly HelpPage[];
  /** Where each reason code is explained. */
  readonly reasons: Readonly<Record<string, { readonly page: string; readonly anchor: string }>>;
}

/** In reading order; what is not named comes after, by name. */
const readingOrder = [
  'README',
  'sources-of-truth',
  'never',
  'weekly-review',
  'before-a-campaign',
  'month-end',
  'add-a-marketplace',
  'klaviyo-flows',
  'klaviyo-assets',
];

/** What follows from code, beside the exceptions; then what the platform team reads, in this order. */
const referenceFiles = [
  'numbers',
  'reasons',
  'klaviyo-properties',
  'topics',
  'api',
  'configuration',
  'metrics',
];
const platformFiles = [
  'architecture',
  'sre',
  'operations/upgrades',
  'scale',
  'subscribers',
  'contacts',
  'attributes',
];

function helpIndex(root: string): HelpIndex {
  return {
    pages: [
      ...handoverPages(root),
      { id: 'exceptions', section: 'reference', ...headOf(exceptionsText()), file: exceptionsPage },
      helpPage(root, 'reference', 'glossary', 'docs/glossary.md'),
      ...referenceFiles.map((name) => helpPage(root, 'reference', name, `docs/generated/${name}.md`)),
      ...flowPages(root),
      ...platformFiles.map((name) =>
        helpPage(root, 'platform', name.replace('operations/', ''), `docs/${name}.md`),
      ),
      ...pagesIn(root, 'decisions'),
      ...pagesIn(root, 'runbooks'),
    ],
    reasons: Object.fromEntries(
      REASON_CODES.map((code) => [code, { page: 'exceptions', anchor: anchorOf(code) }]),
    ),
  };
}

function handoverPages(root: string): readonly HelpPage[] {
  const place = (name: string): number => {
    const found = readingOrder.indexOf(name);
    return found === -1 ? readingOrder.length : found;
  };
  return markdownNames(root, 'docs/handover')
    .sort((one, other) => place(one) - place(other) || (one < other ? -1 : 1))
    .map((name) =>
      helpPage(root, 'handover', name === 'README' ? 'start' : name, `docs/handover/${name}.md`),
    );
}

function flowPages(root: string): readonly HelpPage[] {
  return markdownNames(root, 'docs/flows').map((name) => {
    const id = `flow-${name.replace(/\/README$/, '').replaceAll('/', '-')}`;
    return helpPage(root, 'flows', id, `docs/flows/${name}.md`);
  });
}

function pagesIn(root: string, section: 'decisions' | 'runbooks'): readonly HelpPage[] {
  return markdownNames(root, `docs/${section}`).map((name) =>
    helpPage(root, section, name === 'README' ? section : name, `docs/${section}/${name}.md`),
  );
}

/** Paths of the pages below a folder, without `.md`, by name. */
function markdownNames(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.replace(/\.md$/, ''))
    .sort();
}

function helpPage(root: string, section: HelpPage['section'], id: string, file: string): HelpPage {
  return { id, section, ...headOf(readFileSync(join(root, file), 'utf8')), file };
}

/** The title and the first paragraph of a page. */
function headOf(text: string): Pick<HelpPage, 'title' | 'summary'> {
  const [title = '', ...blocks] = text.split(/\n\s*\n/).map((block) => block.trim());
  const first = blocks.find((block) => block !== '' && !/^[#|>`-]/.test(block)) ?? '';
  const plain = first
    .replaceAll('\n', ' ')
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replaceAll(/[*`]|\b_|_\b/g, '');
  return { title: title.replace(/^#\s+/, ''), summary: plain };
}
