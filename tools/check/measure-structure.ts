/** The gates on size and names, as pure functions over the text of production files. */

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const FORBIDDEN_WORDS = ['manager', 'util', 'utils', 'common', 'misc', 'helper', 'helpers', 'info'];
const LINES_P90_MAX = 200;
const CONSTRUCTOR_DEPENDENCIES_MAX = 6;

export function findStructureProblems(files: readonly SourceFile[]): string[] {
  return [...files.flatMap(problemsOfFile), ...lengthProblems(files)];
}

function problemsOfFile({ path, text }: SourceFile): string[] {
  const problems: string[] = [];
  const words = path.split('/').flatMap((part) => part.replace(/\.[a-z]+$/, '').split(/[.-]/));
  const forbidden = words.filter((word) => FORBIDDEN_WORDS.includes(word));
  if (forbidden.length > 0)
    problems.push(`${path}: "${forbidden[0]}" says nothing; name it after what it does`);
  for (const [, parameters = ''] of text.matchAll(/\bconstructor\(([^)]*)\)/g)) {
    const count = (parameters.match(/\b(private|public|protected|readonly)\b(?! readonly)/g) ?? []).length;
    if (count > CONSTRUCTOR_DEPENDENCIES_MAX) {
      problems.push(
        `${path}: a constructor with ${count} dependencies; at most ${CONSTRUCTOR_DEPENDENCIES_MAX}`,
      );
    }
  }
  return problems;
}

function lengthProblems(files: readonly SourceFile[]): string[] {
  const lengths = files.map(({ text }) => text.split('\n').length).sort((a, b) => a - b);
  const p90 = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
  return p90 > LINES_P90_MAX ? [`p90 of file length is ${p90} lines; at most ${LINES_P90_MAX}`] : [];
}
