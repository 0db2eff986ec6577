import type { SourceFile } from './measure-structure.ts';

const declaration =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|const|interface|type) ([A-Za-z_$][\w$]*)/gm;
const words = /[A-Za-z_$][\w$]*/g;

/**
 * Exported names that stand nowhere else: not in another file, nor a second time in their own. A list of re-exports
 * does not count as a use. It goes by words, so a name that is also something else's passes.
 */
export function findDeadExports(files: readonly SourceFile[]): string[] {
  const uses = new Map<string, number>();
  for (const { path, text } of files) {
    if (path.endsWith('/index.ts')) continue;
    for (const [word] of text.matchAll(words)) uses.set(word, (uses.get(word) ?? 0) + 1);
  }
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(declaration)]
      .map(([, name = '']) => name)
      .filter((name) => uses.get(name) === 1)
      .map((name) => `${path}: nothing uses ${name}; delete it, or do with it what it is for`),
  );
}
