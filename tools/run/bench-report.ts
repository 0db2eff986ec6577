import type { Figure } from '../../bench/bench-context.ts';

export type Verdict = 'below floor' | 'floor met' | 'aim met' | '';

/** Whether a figure reaches what it must and should. */
export function verdictOf({ value, floor, aim, better = 'more' }: Figure): Verdict {
  const reaches = (goal: number): boolean => (better === 'more' ? value >= goal : value <= goal);
  if (floor !== undefined && !reaches(floor)) return 'below floor';
  if (aim !== undefined && reaches(aim)) return 'aim met';
  return floor === undefined ? '' : 'floor met';
}

/** A table for people. */
export function benchTable(figures: readonly Figure[]): string {
  const goal = (figure: Figure, of: number | undefined): string =>
    of === undefined ? '' : `${figure.better === 'less' ? '≤' : '≥'} ${show(of)}`;
  const rows = figures.map((figure) => [
    figure.name,
    show(figure.value),
    figure.unit,
    goal(figure, figure.floor),
    goal(figure, figure.aim),
    verdictOf(figure),
  ]);
  const table = [['figure', 'value', 'unit', 'floor', 'aim', ''], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row
        .map((cell, column) =>
          column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function show(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 1 ? 2 : 4;
  return value.toFixed(digits).replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ' ');
}
