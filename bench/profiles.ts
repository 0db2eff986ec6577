import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { root } from '../tools/stack/paths.ts';
import type { BenchContext } from './bench-context.ts';

const FRAMES_TOLD = 12;

/** What of a V8 CPU profile is read here. */
const CpuProfile = Type.Object({
  nodes: Type.Array(
    Type.Object({
      id: Type.Integer(),
      callFrame: Type.Object({ functionName: Type.String(), url: Type.String() }),
    }),
  ),
  samples: Type.Array(Type.Integer()),
  timeDeltas: Type.Array(Type.Number()),
});
export type CpuProfile = Static<typeof CpuProfile>;
const cpuProfile = Compile(CpuProfile);

export interface Frame {
  readonly name: string;
  /** Of the time in which the process did anything. */
  readonly percent: number;
}

/** `--set profile=1`: the service leaves a CPU profile, which browsers and editors show as a flame graph. */
export function profileArguments(context: BenchContext, service: string): readonly string[] {
  if (context.number('profile', 0) === 0) return [];
  const folder = folderOf(service);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

/** Tells where the time of a service went, once it has ended. */
export function tellWidestFrames(context: BenchContext, service: string): void {
  if (context.number('profile', 0) === 0) return;
  const folder = folderOf(service);
  for (const file of readdirSync(folder)) {
    const frames = widestFrames(cpuProfile.Parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
    const lines = frames
      .slice(0, FRAMES_TOLD)
      .map(({ name, percent }) => `  ${percent.toFixed(1)} %  ${name}`);
    context.progress(`${service}, artifacts/profiles/${service}/${file}:\n${lines.join('\n')}`);
  }
}

/**
 * Own time by what it was spent in: a package, a file of ours, a part of Node, the collector of garbage. Functions alone
 * would hide a package that spreads its time over a hundred of them. Idle time is left out. Pure.
 */
export function widestFrames({ nodes, samples, timeDeltas }: CpuProfile): readonly Frame[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id);
    if (name === undefined || name === '(idle)') continue;
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const busy = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .map(([name, time]) => ({ name, percent: (100 * time) / busy }))
    .sort((one, other) => other.percent - one.percent);
}

function nameOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  const [, packageName] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  if (packageName !== undefined) return packageName;
  const [, own] = /\/((?:apps|libs)\/.*)$/.exec(url) ?? [];
  if (own !== undefined) return own.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
  // Written in C++: JSON.parse and stringify, buffers, hashes.
  if (url === '') return functionName === '' ? '(anonymous, in C++)' : functionName;
  return url;
}

function folderOf(service: string): string {
  return join(root, 'artifacts/profiles', service);
}
