import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from './failure.ts';
import { localDir, root } from './paths.ts';
import { describeEnd, runToEnd } from './process.ts';
import type { ProcessKeeper } from './process-keeper.ts';
import type { Progress } from './progress.ts';

/** The projects that a running system consists of; Nx builds the libraries they use. */
const projects = [
  'mirakl-ingest',
  'profile-mapper',
  'klaviyo-writer',
  'leakage-monitor',
  'console',
  'sandbox',
] as const;

const results = projects.map((name) =>
  join(root, 'apps', name, 'dist', name === 'console' ? 'index.html' : 'main.js'),
);
const notSources = new Set(['dist', 'node_modules', '.local', '.nx']);
const isTest = /\.(medium-)?spec\.tsx?$/;

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!notSources.has(entry.name)) yield* sourceFiles(path);
    } else if (!isTest.test(entry.name)) {
      yield path;
    }
  }
}

/** A hash of everything that the build reads. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  // The console carries the documents, for its Help.
  const folders = ['docs', 'libs', ...projects.map((name) => join('apps', name))].map((name) =>
    join(root, name),
  );
  const files = ['package-lock.json', 'tsconfig.base.json', 'nx.json'].map((name) => join(root, name));
  for (const file of [...files, ...folders.flatMap((folder) => [...sourceFiles(folder)])]) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

export interface BuildOptions {
  logFile: string;
  keeper: ProcessKeeper;
  progress: Progress;
  signal: AbortSignal;
}

/** Builds the apps unless nothing has changed since they were built last. Throws a Failure with the compiler's words. */
export async function buildWhenStale(options: BuildOptions): Promise<void> {
  const stamp = join(localDir, 'built-sources');
  const hash = sourcesHash();
  const isBuilt = results.every((file) => existsSync(file));
  if (isBuilt && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  options.progress('build: compiling what has changed');
  const { end, process: build } = await runToEnd(
    {
      name: 'build',
      command: join(root, 'node_modules/.bin/nx'),
      args: ['run-many', '-t', 'build', '-p', projects.map((name) => `@watertight/${name}`).join(',')],
      cwd: root,
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', FORCE_COLOR: '0' },
      logFile: options.logFile,
      tailLines: 80,
    },
    options.keeper,
    options.signal,
  );
  if (end.code !== 0) throw new Failure(`The build failed (${describeEnd(end)}):\n${build.lastOutput}`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
  options.progress('build: done');
}
