/** The handover documents and runbooks as they stand in docs/, by their path below it; read only when opened. */
const FILES = import.meta.glob<string>('../../../../docs/**/*.md', { query: '?raw', import: 'default' });
const FOLDER = '../../../../docs/';

export interface HelpDocument {
  /** Below docs/, as in the registry of reasons. */
  readonly path: string;
  readonly name: string;
}

export const DOCUMENTS: readonly HelpDocument[] = Object.keys(FILES)
  .map((file) => file.slice(FOLDER.length))
  .map((path) => ({ path, name: path.replace(/\.md$/, '').replaceAll('-', ' ') }))
  .sort((one, other) => one.path.localeCompare(other.path));

/** The text of a document. Throws for one that does not exist. */
export async function readDocument(path: string): Promise<string> {
  const read = FILES[`${FOLDER}${path}`];
  if (read === undefined) throw new Error(`There is no document ${path}.`);
  return read();
}
