import { inlineCodeOf, type Document } from './read-documents.ts';

/** One kind of name that code defines and documents speak of. */
export interface NameRegistry {
  readonly kind: string;
  /** Every name there is. */
  readonly names: ReadonlySet<string>;
  /** The documents that must tell of each of them, by path; or any one of them all. */
  readonly documentedIn: readonly string[] | 'anywhere';
  /** Names of this kind in a text that stands in backticks. Anything else gives none. */
  readonly mentionedIn: (code: string) => readonly string[];
  /** What looks like such a name and is something else. */
  readonly alsoKnown: ReadonlySet<string>;
  /** Only documents with such a path are held to it; all when left out. */
  readonly within?: RegExp;
}

/**
 * Names that exist and are not documented, and names that documents speak of and that do not exist. Changelogs and
 * upgrade notes may speak of what is gone, so `past` names documents that are not held to the second.
 */
export function findUndocumented(
  registries: readonly NameRegistry[],
  documents: readonly Document[],
  past: readonly string[] = [],
): string[] {
  const codeOf = new Map(documents.map(({ path, text }) => [path, inlineCodeOf(text)]));
  return registries.flatMap(({ kind, names, documentedIn, mentionedIn, alsoKnown, within = /./ }) => {
    const invented = [...codeOf]
      .filter(([path]) => !past.includes(path) && within.test(path))
      .flatMap(([path, codes]) =>
        [...new Set(codes.flatMap(mentionedIn))]
          .filter((name) => !names.has(name) && !alsoKnown.has(name))
          .map((name) => `${path} speaks of the ${kind} ${name}, which does not exist`),
      );
    return [...untold({ kind, names, documentedIn }, documents), ...invented];
  });
}

function untold(
  { kind, names, documentedIn }: Pick<NameRegistry, 'kind' | 'names' | 'documentedIn'>,
  documents: readonly Document[],
): string[] {
  if (documentedIn === 'anywhere') {
    const everything = documents.map(({ text }) => text).join('\n');
    return [...names]
      .filter((name) => !everything.includes(name))
      .map((name) => `no document tells of the ${kind} ${name}`);
  }
  return documentedIn.flatMap((path) => {
    const text = documents.find((document) => document.path === path)?.text;
    if (text === undefined) return [`${path} is missing: it must tell of every ${kind}`];
    return [...names]
      .filter((name) => !text.includes(name))
      .map((name) => `${path} does not tell of the ${kind} ${name}`);
  });
}
