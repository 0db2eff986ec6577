import { describeVariables, serviceVariables, type VariableDescription } from '@watertight/service';
import type { GeneratedFiles } from './contract-files.ts';
import type { AppLists } from './load-lists.ts';

/** The page of every environment variable, from the typed list of each app. */
export function configurationFiles(apps: readonly AppLists[]): GeneratedFiles {
  const lines = [
    '# Configuration',
    '',
    'Generated from the typed list of variables of each app (`apps/*/src/*.config.ts`).',
    '',
    'All settings are environment variables. A service reads them once at its start; a missing or wrong one ends it',
    'with exit code 78 and the list of everything that is wrong. An empty variable counts as not set. The value of a',
    'secret is never printed.',
    '',
    'Any variable may be given as a file instead: `NAME_FILE=/path` is read where `NAME` is not set.',
    '',
    '## Every service',
    '',
    ...table(describeVariables(serviceVariables)),
    ...apps.flatMap(({ app, variables }) => ['', `## ${app}`, '', ...table(describeVariables(variables))]),
    '',
  ];
  return new Map([['docs/generated/configuration.md', lines.join('\n')]]);
}

function table(variables: readonly VariableDescription[]): string[] {
  return [
    '| variable | meaning | kind | default | example |',
    '|---|---|---|---|---|',
    ...variables.map(({ name, describe, kind, required, secret, defaultValue, example }) => {
      const fallback = required ? '**must be set**' : `\`${defaultValue ?? 'not set'}\``;
      return `| \`${name}\` | ${cell(describe)} | ${cell(kind)}${secret && kind !== 'secret' ? ', secret' : ''} | ${cell(fallback)} | \`${cell(example)}\` |`;
    }),
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
