import { DEFINITIONS } from '../../apps/leakage-monitor/src/definitions.ts';
import { ROUTES } from '../../apps/leakage-monitor/src/http/routes.ts';
import type { GeneratedFiles } from './contract-files.ts';

/** Short pages to look things up in: the calls of the API, and what each number in the console counts. */
export function referenceFiles(): GeneratedFiles {
  return new Map([
    ['docs/generated/api.md', apiPage()],
    ['docs/generated/numbers.md', numbersPage()],
  ]);
}

function apiPage(): string {
  const rows = ROUTES.map(
    ({ method, path, role, summary }) => `| \`${method} /api/v1${path}\` | ${role} | ${summary} |`,
  );
  return [
    '# The HTTP API',
    '',
    'Generated from the route table of leakage-monitor. Parameters, bodies and answers are in the OpenAPI document,',
    '[`apps/leakage-monitor/openapi.json`](../../apps/leakage-monitor/openapi.json). *Role* is the least that may call.',
    '',
    '| call | role | does |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function numbersPage(): string {
  const sections = Object.entries(DEFINITIONS).map(([name, meaning]) => `### ${name}\n\n${meaning}.\n`);
  return [
    '# What each number counts',
    '',
    'Generated from `apps/leakage-monitor/src/definitions.ts`: the same sentences that the console shows on hover.',
    '',
    ...sections,
  ].join('\n');
}
