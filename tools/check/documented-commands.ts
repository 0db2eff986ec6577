import { inlineCodeOf, shellLinesOf, type Document } from './read-documents.ts';

/** How it is known that a command in a document works. */
export type CommandClass =
  /** The test runs it as it stands, in the root of the repository; it must end with 0. */
  | { readonly class: 'run' }
  /** Another test runs it: the file is named, with words from it that show so. */
  | { readonly class: 'covered'; readonly by: string; readonly shownBy: string }
  /** Only somebody with an account, a cluster or a host of their own can run it. */
  | { readonly class: 'account'; readonly because: string }
  /** It takes minutes, or stays until it is ended. */
  | { readonly class: 'long'; readonly because: string };

const first =
  /^(?:npm|npx|node|nx|git|docker|kubectl|kustomize|helm|curl|psql|pg_dump|pg_restore|export|source)\b(?! \*)/;

/** Every command that documents show, in shell blocks or in backticks, with the documents that show it. */
export function commandsIn(documents: readonly Document[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { path, text } of documents) {
    const inline = inlineCodeOf(text).filter((code) => first.test(code) && /\s/.test(code));
    for (const command of new Set([...shellLinesOf(text), ...inline])) {
      found.set(command, [...(found.get(command) ?? []), path]);
    }
  }
  return found;
}

/** Commands that nothing vouches for, and entries of the list that no document shows any more. */
export function commandProblems(
  shown: ReadonlyMap<string, readonly string[]>,
  classes: Readonly<Record<string, CommandClass>>,
  foreign: readonly { readonly begins: RegExp }[] = [],
): string[] {
  const unknown = [...shown]
    .filter(
      ([command]) => !Object.hasOwn(classes, command) && !foreign.some(({ begins }) => begins.test(command)),
    )
    .map(([command, paths]) => `${paths.join(', ')}: nothing runs "${command}" and nothing says why not`);
  const stale = Object.keys(classes)
    .filter((command) => !shown.has(command))
    .map((command) => `no document shows "${command}" any more`);
  return [...unknown, ...stale];
}
