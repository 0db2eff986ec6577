import type { Document } from './read-documents.ts';

/** A row of a table whose last two cells are a file and the name of a test in it. */
const row = /^\|.*\|\s*`([^`|]+\.ts)`\s*\|\s*`([^`|]+)`\s*\|\s*$/gm;

/** A row of that table that begins a defect, whatever is in its cells; the head and its line are none. */
const anyRow = /^\|(?! *what went wrong)(?! *-)/gm;

/** Tests that the table of defects names and that do not exist; also a table that names none. Pure. */
export function findMissingTests(
  { path, text }: Document,
  read: (file: string) => string | undefined,
): readonly string[] {
  const named = [...text.matchAll(row)].map(([, file = '', name = '']) => ({ file, name }));
  const rows = [...text.matchAll(anyRow)].length;
  if (rows === 0) return [`${path} has no row`];
  const unnamed = rows - named.length;
  return [
    ...(unnamed === 0 ? [] : [`${path}: ${unnamed} rows name no file and test`]),
    ...named.flatMap(({ file, name }) => {
      const source = read(file);
      if (source === undefined) return [`${path} names ${file}, which is not there`];
      if (!name.startsWith('regression: ')) return [`${path}: "${name}" is not named as a regression`];
      return hasTest(source, name) ? [] : [`${path}: ${file} has no test "${name}"`];
    }),
  ];
}

/** As the title of a test or the first member of a table of tests; a comment that quotes it is none. */
function hasTest(source: string, name: string): boolean {
  return ["'", '"', '`'].some((quote) =>
    source
      .split('\n')
      .some(
        (line) =>
          /^\s*(?:(?:test|it)(?:\.each)?\(|\[)/.test(line) && line.includes(`${quote}${name}${quote}`),
      ),
  );
}
