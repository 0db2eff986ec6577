import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchContext } from '../bench-context.ts';

const here = import.meta.dirname;

/** A program to compare with: what starts it. */
export interface Peer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Gets every peer ready to run, from the package registries, into a folder that is thrown away afterwards. Throws with what failed. */
export async function preparePeers(context: BenchContext): Promise<readonly Peer[]> {
  const folder = join(context.dataDir, 'peers');
  mkdirSync(folder, { recursive: true });
  return [await camel(context, folder), await arroyo(context, folder), await franzGo(context, folder)];
}

async function camel(context: BenchContext, folder: string): Promise<Peer> {
  const classPathFile = join(folder, 'camel.classpath');
  const source = join(here, 'camel');
  await run(context, 'camel: dependencies', 'mvn', [
    ...['-q', '-B', '-f', join(source, 'pom.xml')],
    ...['dependency:build-classpath', `-Dmdep.outputFile=${classPathFile}`],
  ]);
  const classes = join(folder, 'camel');
  mkdirSync(classes);
  const classPath = readFileSync(classPathFile, 'utf8').trim();
  await run(context, 'camel: compile', 'javac', [
    ...['-cp', classPath, '-d', classes],
    ...['Peer.java', 'MapOrder.java'].map((file) => join(source, file)),
  ]);
  return { name: 'Apache Camel', command: 'java', args: ['-cp', `${classes}:${classPath}`, 'Peer'] };
}

async function arroyo(context: BenchContext, folder: string): Promise<Peer> {
  const venv = join(folder, 'arroyo');
  await run(context, 'arroyo: environment', 'python3', ['-m', 'venv', venv]);
  const python = join(venv, 'bin/python');
  await run(context, 'arroyo: dependencies', python, [
    ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'],
    ...['-r', join(here, 'arroyo/requirements.txt')],
  ]);
  return { name: 'arroyo', command: python, args: [join(here, 'arroyo/peer.py')] };
}

async function franzGo(context: BenchContext, folder: string): Promise<Peer> {
  const program = join(folder, 'franz-go-peer');
  await run(context, 'franz-go: build', 'go', ['build', '-C', join(here, 'franz-go'), '-o', program, '.']);
  return { name: 'franz-go', command: program, args: [] };
}

async function run(
  context: BenchContext,
  name: string,
  command: string,
  args: readonly string[],
): Promise<void> {
  context.progress(name);
  const program = await context.startProgram({ name, command, args });
  const { code } = await program.ended;
  if (code !== 0) throw new Error(`${name} failed (${command}). It wrote:\n${program.lastOutput()}`);
}
