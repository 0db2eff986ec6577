import { join } from 'node:path';
import type { AppName } from './apps.ts';
import { buildWhenStale, type BuildOptions } from './build.ts';
import { root } from './paths.ts';

/** What a system runs. */
export interface Programs {
  /** Makes sure that the programs are there and current. */
  build(options: BuildOptions): Promise<void>;
  entry(name: AppName | 'sandbox' | 'create-topics'): string;
}

/** The programs of this repository, built when their sources have changed. */
export const builtPrograms: Programs = {
  build: buildWhenStale,
  entry: (name) =>
    name === 'create-topics'
      ? join(root, 'libs/kafka/dist/create-topics.js')
      : join(root, 'apps', name, 'dist/main.js'),
};
