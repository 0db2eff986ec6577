import { inlineCodeOf, type Document } from './read-documents.ts';

const folders = ['apps', 'libs', 'tools', 'docs', 'k8s', 'klaviyo-assets', 'bench'];
const path = new RegExp(`^(?:${folders.join('|')})/[\\w./-]+$`);

/** Files and folders of the repository that documents name and that are not there. */
export function findMissingPaths(
  documents: readonly Document[],
  exists: (path: string) => boolean,
  past: readonly string[] = [],
): string[] {
  return documents
    .filter((document) => !past.includes(document.path))
    .flatMap((document) =>
      [...new Set(inlineCodeOf(document.text))]
        .filter((code) => path.test(code) && !exists(code.replace(/\/$/, '')))
        .map((code) => `${document.path} names ${code}, which is not there`),
    );
}
