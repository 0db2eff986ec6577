import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

// real: [processes of the built library], double: []

const here = fileURLToPath(new URL('../..', import.meta.url));
const program = `import { crashPoint } from '@watertight/service/crash-point'; crashPoint('writer.sent'); console.log('went on');`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watertight-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(conditions: readonly string[]) {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  return spawnSync(process.execPath, [...conditions, '--input-type=module', '-e', program], {
    cwd: here,
    encoding: 'utf8',
    env: { ...env, CRASH_POINTS_DIR: folder },
  });
}

it('dies once at the point that is asked for, and only in a process that was started for it', () => {
  writeFileSync(join(folder, 'writer.sent'), '');
  const production = run([]);
  expect(production.stdout).toContain('went on');
  expect(readdirSync(folder)).toEqual(['writer.sent']);

  const struck = run(['--conditions=crash-points']);
  expect(struck.signal).toBe('SIGKILL');
  expect(struck.stdout).not.toContain('went on');

  const successor = run(['--conditions=crash-points']);
  expect(successor.stdout).toContain('went on');
});

it('does not die at another point', () => {
  writeFileSync(join(folder, 'writer.claimed'), '');
  expect(run(['--conditions=crash-points']).stdout).toContain('went on');
});
