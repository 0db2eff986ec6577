import { dirname, join, normalize } from 'node:path';
import { anchorOf } from '../generate/markdown.ts';
import { proseOf, type Document } from './read-documents.ts';

/** Links inside the repository that lead to no file or to no heading of it. Addresses elsewhere are not looked at. */
export function findBrokenLinks(documents: readonly Document[], exists: (path: string) => boolean): string[] {
  const byPath = new Map(documents.map((document) => [document.path, document]));
  return documents.flatMap(({ path, text }) =>
    linksOf(text).flatMap((link) => {
      if (/^[a-z]+:/.test(link)) return [];
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : normalize(join(dirname(path), file));
      if (!exists(target)) return [`${path}: the link ${link} leads to no file`];
      const page = byPath.get(target);
      if (anchor === undefined || page === undefined || anchorsOf(page.text).has(anchor)) return [];
      return [`${path}: the link ${link} leads to no heading of ${target}`];
    }),
  );
}

/** Pages that nobody comes to, because no other page links to them. The front page is where one begins. */
export function findUnlinked(documents: readonly Document[]): string[] {
  const linked = new Set(
    documents.flatMap(({ path, text }) =>
      linksOf(text)
        .map((link) => normalize(join(dirname(path), link.split('#')[0] ?? '')))
        .filter((target) => target !== path),
    ),
  );
  return documents
    .filter(({ path }) => path !== 'README.md' && !linked.has(path))
    .map(({ path }) => `${path}: no document links to it; link it where a reader would look for it`);
}

function linksOf(text: string): readonly string[] {
  return [...proseOf(text).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].flatMap(([, link]) => link ?? []);
}

function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of proseOf(text).matchAll(/^#{1,6}\s+(.+)$/gm)) {
    const anchor = anchorOf(heading);
    let name = anchor;
    for (let copy = 1; anchors.has(name); copy += 1) name = `${anchor}-${copy}`;
    anchors.add(name);
  }
  return anchors;
}
