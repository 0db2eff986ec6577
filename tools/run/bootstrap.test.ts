import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../stack/test-support.ts';

interface Clone {
  folder: string;
  run(...args: string[]): { status: number | null; stdout: string; stderr: string };
  installs(): number;
}

/**
 * A clone with nothing installed. Its `npm` is a double: it notes each call, puts a "node" into place that tells what
 * it was called with, and fails when the folder holds a file `npm-fails`.
 */
function freshClone(context: TestContext): Clone {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'tools/run'), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  cpSync(join(import.meta.dirname, 'bootstrap.mjs'), join(folder, 'tools/run/bootstrap.mjs'));
  writeFileSync(
    join(folder, 'tools/run/try.mjs'),
    "import { run } from './bootstrap.mjs';\nawait run('tools/run/try.main.ts');\n",
  );
  writeFileSync(join(folder, 'package-lock.json'), '{"packages":{}}');
  const npm = join(folder, 'bin/npm');
  writeFileSync(
    npm,
    `#!/bin/sh
echo "$@" >> "${folder}/npm-calls"
mkdir -p node_modules/node/bin
printf '#!/bin/sh\\necho "pinned node: $*"\\necho "$PATH" | cut -d: -f1\\nexit 7\\n' > node_modules/node/bin/node
chmod +x node_modules/node/bin/node
test ! -e "${folder}/npm-fails"
`,
  );
  chmodSync(npm, 0o755);
  return {
    folder,
    run: (...args) => {
      const PATH = [join(folder, 'bin'), process.env['PATH']].join(delimiter);
      return spawnSync(process.execPath, [join(folder, 'tools/run/try.mjs'), ...args], {
        encoding: 'utf8',
        env: { ...process.env, PATH },
      });
    },
    installs: () => {
      const calls = join(folder, 'npm-calls');
      return existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n').length : 0;
    },
  };
}

test('installs on a fresh clone and continues on the pinned Node, with arguments and exit code', (context) => {
  const clone = freshClone(context);
  const { status, stdout, stderr } = clone.run('--json', '--port', '4400');
  assert.match(readFileSync(join(clone.folder, 'npm-calls'), 'utf8'), /^ci /);
  assert.match(stdout, /^pinned node: .*tools\/run\/try\.main\.ts --json --port 4400$/m);
  assert.ok(stdout.includes(join(clone.folder, 'node_modules/.bin')));
  assert.match(stderr, /npm ci/);
  assert.equal(status, 7);
});

test('does not install again while the lock file stays as it is', (context) => {
  const clone = freshClone(context);
  clone.run();
  const { stderr } = clone.run();
  assert.equal(clone.installs(), 1);
  assert.equal(stderr, '');
});

test('installs again when the lock file has changed', (context) => {
  const clone = freshClone(context);
  clone.run();
  appendFileSync(join(clone.folder, 'package-lock.json'), '\n');
  clone.run();
  assert.equal(clone.installs(), 2);
});

test('does not count an installation that broke off, and starts nothing on it', (context) => {
  const clone = freshClone(context);
  writeFileSync(join(clone.folder, 'npm-fails'), '');
  const { status, stdout, stderr } = clone.run();
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /npm ci failed/);
  rmSync(join(clone.folder, 'npm-fails'));
  assert.equal(clone.run().status, 7);
  assert.equal(clone.installs(), 2);
});

test('accepts what `npm install` by hand has brought', (context) => {
  const clone = freshClone(context);
  const lock = { packages: { 'node_modules/x': { version: '1.0.0', integrity: 'sha512-x' } } };
  writeFileSync(join(clone.folder, 'package-lock.json'), JSON.stringify(lock));
  clone.run();
  rmSync(join(clone.folder, 'node_modules/.watertight-stamp'));
  writeFileSync(join(clone.folder, 'node_modules/.package-lock.json'), JSON.stringify(lock));
  assert.equal(clone.run().status, 7);
  assert.equal(clone.installs(), 1);
});
