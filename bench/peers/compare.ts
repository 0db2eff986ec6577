import type { Figure } from '../bench-context.ts';

/** What one program did in one round. */
export interface Round {
  readonly eventsPerSecond: number;
  /** Microseconds of CPU, user and system together. */
  readonly cpuPerEvent: number;
  readonly memoryMb: number;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('a median of nothing');
  return middle;
}

/** Medians of a program over its rounds. */
function programFigures(name: string, rounds: readonly Round[]): readonly Figure[] {
  return [
    {
      name: `${name}, events a second`,
      value: median(rounds.map((round) => round.eventsPerSecond)),
      unit: 'events/s',
    },
    {
      name: `${name}, CPU per event`,
      value: median(rounds.map((round) => round.cpuPerEvent)),
      unit: 'µs',
      better: 'less',
    },
    {
      name: `${name}, memory at the end`,
      value: median(rounds.map((round) => round.memoryMb)),
      unit: 'MB',
      better: 'less',
    },
  ];
}

/** The median of what ours is to theirs, round by round: a drift of the machine's speed falls out. */
export function ratio(
  ours: readonly Round[],
  theirs: readonly Round[],
  of: (round: Round) => number,
): number {
  return median(
    ours.flatMap((round, index) => {
      const other = theirs[index];
      return other === undefined ? [] : [of(round) / of(other)];
    }),
  );
}

/** Medians of each program, and what ours is to each of theirs. */
export function peerFigures(results: ReadonlyMap<string, readonly Round[]>): readonly Figure[] {
  const of = (name: string): readonly Round[] => results.get(name) ?? [];
  const cpuBeside = (name: string, ours = 'ours'): number =>
    ratio(of(ours), of(name), ({ cpuPerEvent }) => cpuPerEvent);
  const less = { unit: '', better: 'less' } as const;
  return [
    ...[...results].flatMap(([name, rounds]) => programFigures(name, rounds)),
    {
      name: 'times as fast as the NestJS transport as shipped',
      value: ratio(of('ours'), of('NestJS transport'), ({ eventsPerSecond }) => eventsPerSecond),
      unit: '',
      floor: 5,
      aim: 7,
    },
    {
      name: 'CPU per event beside Apache Camel',
      value: cpuBeside('Apache Camel'),
      floor: 2,
      aim: 1,
      ...less,
    },
    { name: 'CPU per event beside arroyo', value: cpuBeside('arroyo'), floor: 1, ...less },
    { name: 'CPU per event beside franz-go', value: cpuBeside('franz-go'), ...less },
    {
      name: 'CPU per event before read-back beside arroyo',
      value: cpuBeside('arroyo', 'ours before read-back'),
      ...less,
    },
  ];
}
