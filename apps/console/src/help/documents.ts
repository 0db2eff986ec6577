/** The documents as they stand in docs/, by their path below it; read only when opened. */
const FILES = import.meta.glob<string>('../../../../docs/**/*.md', { query: '?raw', import: 'default' });
const FOLDER = '../../../../docs/';

interface IndexedPage {
  readonly section: string;
  readonly title: string;
  readonly summary: string;
  /** From the root of the repository. */
  readonly file: string;
}

/** Generated from the documents: titles, first paragraphs, the order in which they are read. */
const INDEXES = import.meta.glob<{ readonly pages: readonly IndexedPage[] }>(
  '../../../../docs/generated/help.json',
  { eager: true, import: 'default' },
);

export interface HelpDocument {
  /** Below docs/, as in the registry of reasons. */
  readonly path: string;
  readonly section: string;
  readonly title: string;
  readonly summary: string;
}

const INDEXED: readonly HelpDocument[] = Object.values(INDEXES)
  .flatMap(({ pages }) => pages)
  .map(({ file, section, title, summary }) => ({
    path: file.replace(/^docs\//, ''),
    section,
    title,
    summary,
  }));

/** What is in the index, in its order; then everything else, such as the runbooks, by name. */
export const DOCUMENTS: readonly HelpDocument[] = [
  ...INDEXED,
  ...Object.keys(FILES)
    .map((file) => file.slice(FOLDER.length))
    .filter((path) => !INDEXED.some((page) => page.path === path))
    .sort()
    .map((path) => ({
      path,
      section: path.includes('/') ? path.slice(0, path.indexOf('/')) : 'more',
      title: path.replace(/^.*\//, '').replace(/\.md$/, '').replaceAll('-', ' '),
      summary: '',
    })),
];

/** Text of a document; what comes after `#` names a place in it. Throws for one that does not exist. */
export async function readDocument(path: string): Promise<string> {
  const read = FILES[`${FOLDER}${path.replace(/#.*$/, '')}`];
  if (read === undefined) throw new Error(`There is no document ${path}.`);
  return read();
}
