import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MetricDefinition, Variables } from '@watertight/service';

const root = join(import.meta.dirname, '../..');

/** What one app declares about itself. */
export interface AppLists {
  readonly app: string;
  readonly variables: Variables;
  readonly metrics: readonly MetricDefinition[];
}

/**
 * Every app with its typed lists, found by the names of the files: `*.config.ts` exports `…Variables`, `*.metrics.ts`
 * exports `…Definitions`. So an app cannot be forgotten here.
 */
export async function loadAppLists(): Promise<readonly AppLists[]> {
  const lists: AppLists[] = [];
  for (const app of readdirSync(join(root, 'apps')).sort()) {
    const files = sourcesOf(app);
    const variables = await exportsOf(files, '.config.ts', 'Variables', isVariables);
    const metrics = await exportsOf(files, '.metrics.ts', 'Definitions', isMetricList);
    if (variables.length === 0 && metrics.length === 0) continue;
    lists.push({ app, variables: Object.assign({}, ...variables), metrics: metrics.flat() });
  }
  return lists;
}

function sourcesOf(app: string): readonly string[] {
  const folder = join(root, 'apps', app, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => join(folder, name));
}

async function exportsOf<T>(
  files: readonly string[],
  fileEnding: string,
  nameEnding: string,
  isWanted: (value: unknown) => value is T,
): Promise<T[]> {
  const found: T[] = [];
  for (const file of files.filter((name) => name.endsWith(fileEnding))) {
    const module: Record<string, unknown> = await import(pathToFileURL(file).href);
    const values = Object.entries(module)
      .filter(([name]) => name.endsWith(nameEnding))
      .map(([, value]) => value);
    if (values.length === 0) throw new Error(`${file} exports nothing whose name ends in ${nameEnding}`);
    for (const value of values) {
      if (!isWanted(value)) throw new Error(`${file}: what ends in ${nameEnding} is not such a list`);
      found.push(value);
    }
  }
  return found;
}

function isVariables(value: unknown): value is Variables {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one: unknown) => typeof one === 'object' && one !== null && 'parse' in one)
  );
}

function isMetricList(value: unknown): value is readonly MetricDefinition[] {
  return (
    Array.isArray(value) &&
    value.every((one: unknown) => typeof one === 'object' && one !== null && 'kind' in one && 'help' in one)
  );
}
