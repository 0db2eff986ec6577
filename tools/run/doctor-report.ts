import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** One line of a doctor program. */
const Finding = Type.Object({
  check: Type.String(),
  marketplaceId: Type.Union([Type.String(), Type.Null()]),
  result: Type.Union([Type.Literal('ok'), Type.Literal('warning'), Type.Literal('problem')]),
  detail: Type.String(),
});
export type Finding = Static<typeof Finding>;

const findingShape = Compile(Finding);

/** The findings among the lines that a program printed; other lines are none of it. */
export function findingsOf(output: string): readonly Finding[] {
  return output.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const value: unknown = JSON.parse(line);
    return findingShape.Check(value) ? [value] : [];
  });
}

const signs = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' } as const;
const detailWidth = 84;

/** The findings as people read them, grouped by what they are about, and how many of each kind there are. */
export function reportOf(all: readonly Finding[], ownGroup = 'the system'): string {
  const byGroup = new Map<string, Finding[]>();
  for (const finding of all) {
    const name = finding.marketplaceId ?? ownGroup;
    byGroup.set(name, [...(byGroup.get(name) ?? []), finding]);
  }
  const groups = [...byGroup].map(([name, own]) => [name, withoutRepeats(own)] as const);
  const findings = groups.flatMap(([, own]) => own);
  const width = Math.max(...findings.map(({ check }) => check.length), 0);
  const blocks = groups.map(([name, own]) =>
    [name, ...own.map((finding) => rowOf(finding, width))].join('\n'),
  );
  const count = (result: Finding['result']): number => findings.filter((one) => one.result === result).length;
  const sum = `${count('ok')} fine, ${count('warning')} to look at, ${count('problem')} to mend`;
  return [...blocks, sum].join('\n\n');
}

/**
 * One wrong key fails every check that needs it. The problem is said once; what only repeats its sentence is named
 * behind it, so that nobody mends one thing five times.
 */
function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const repeats = (finding: Finding, cause: Finding): boolean =>
    cause.result === 'problem' &&
    finding.detail.length > cause.detail.length &&
    finding.detail.includes(cause.detail);
  const causeOf = (finding: Finding): Finding | undefined =>
    findings.find((other) => repeats(finding, other));
  return findings.flatMap((finding) => {
    if (causeOf(finding) !== undefined) return [];
    const failed = findings.filter((other) => causeOf(other) === finding).map(({ check }) => check);
    const also = failed.length === 0 ? '' : ` (so these could not be checked: ${failed.join(', ')})`;
    return [{ ...finding, detail: `${finding.detail}${also}` }];
  });
}

function rowOf({ check, result, detail }: Finding, width: number): string {
  const indent = ' '.repeat(2 + signs.ok.length + 2 + width + 2);
  return `  ${signs[result]}  ${check.padEnd(width)}  ${wrap(detail, detailWidth).join(`\n${indent}`)}`;
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
