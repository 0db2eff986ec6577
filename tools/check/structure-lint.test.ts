// Each gate that lint holds is proven by a planted mistake: a rule that finds nothing may just be switched off.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { ESLint } from 'eslint';

const root = join(import.meta.dirname, '../..');
let eslint: ESLint;

before(() => {
  eslint = new ESLint({ cwd: root });
});

async function rulesBroken(filePath: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, filePath) });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

const production = 'libs/service/src/errors.ts';
const command = 'tools/run/balance.ts';
const statements = (count: number): string => '  globalThis.name;\n'.repeat(count);
const functionOf = (lines: number): string => `export function f(): void {\n${statements(lines - 2)}}\n`;
const parameters = (count: number): string =>
  Array.from({ length: count }, (_, index) => `p${index}: string`).join(', ');

const gates: readonly (readonly [gate: string, rule: string, mistake: string, allowed: string])[] = [
  [
    'a file has at most 300 lines',
    'max-lines',
    `${'// why\n'.repeat(300)}export const a = 1;\n`,
    `${'// why\n'.repeat(299)}export const a = 1;\n`,
  ],
  ['a function has at most 60 lines', 'max-lines-per-function', functionOf(61), functionOf(60)],
  [
    'a constructor takes at most 6 parameters, and so does a function',
    'max-params',
    `export class A { constructor(${parameters(7)}) {} }\n`,
    `export class A { constructor(${parameters(6)}) {} }\n`,
  ],
  [
    'no type assertion',
    '@typescript-eslint/consistent-type-assertions',
    'export const a = JSON.parse("1") as number;\n',
    'export const a = ["one"] as const;\n',
  ],
  [
    'no assertion that something is there',
    '@typescript-eslint/no-non-null-assertion',
    'export const a = ["one"][0]!;\n',
    'export const a = ["one"][0] ?? "none";\n',
  ],
  ['no any', '@typescript-eslint/no-explicit-any', 'export let a: any;\n', 'export let a: unknown;\n'],
  [
    'no promise that nobody waits for',
    '@typescript-eslint/no-floating-promises',
    'export function f(): void { Promise.resolve(1); }\n',
    'export async function f(): Promise<void> { await Promise.resolve(1); }\n',
  ],
];

for (const [gate, rule, mistake, allowed] of gates) {
  for (const file of [production, command]) {
    test(`planted in ${file}: ${gate}`, async () => {
      assert.ok((await rulesBroken(file, mistake)).includes(rule), `${rule} did not fire`);
      assert.ok(!(await rulesBroken(file, allowed)).includes(rule), `${rule} fires at the limit`);
    });
  }
}

const syntax: readonly (readonly [gate: string, mistake: string])[] = [
  [
    'no forwardRef',
    'declare const forwardRef: (f: unknown) => unknown;\nexport const a = forwardRef(() => 1);\n',
  ],
  ['no export *', "export * from './money.ts';\n"],
  ['no default export', 'export default 1;\n'],
  ['no enum', 'export enum A { B }\n'],
];

for (const [gate, mistake] of syntax) {
  for (const file of [production, command, 'libs/service/src/retry.spec.ts']) {
    test(`planted in ${file}: ${gate}`, async () => {
      assert.ok((await rulesBroken(file, mistake)).includes('no-restricted-syntax'));
    });
  }
}

test('what keeps every gate is not complained about', async () => {
  assert.deepEqual(await rulesBroken(production, 'export const a = 1;\n'), []);
});
