import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandClasses, foreignPrograms } from './command-classes.ts';
import { commandProblems, commandsIn } from './documented-commands.ts';
import { readDocuments, type Document } from './read-documents.ts';

const root = join(import.meta.dirname, '../..');

test('every command in every document is run by a test, or it says why it cannot be', () => {
  assert.deepEqual(commandProblems(commandsIn(readDocuments(root)), commandClasses, foreignPrograms), []);
});

test('planted: a command that nothing runs, and an entry that no document shows', () => {
  const page: Document = {
    path: 'a.md',
    text: '```sh\nnpm run dance -- --fast # quickly\n```\n\n`kubectl get pods`',
  };
  assert.deepEqual(
    commandProblems(commandsIn([page]), { 'npm run sing': { class: 'run' } }, foreignPrograms),
    [
      'a.md: nothing runs "npm run dance -- --fast" and nothing says why not',
      'no document shows "npm run sing" any more',
    ],
  );
});

for (const [command, known] of Object.entries(commandClasses)) {
  if (known.class === 'covered') {
    test(`"${command}" is run by ${known.by}`, () => {
      const file = join(root, known.by);
      assert.ok(existsSync(file), `${known.by} is gone`);
      assert.ok(readFileSync(file, 'utf8').includes(known.shownBy), `it no longer shows ${known.shownBy}`);
    });
  }
  if (known.class === 'run') {
    test(`"${command}" ends well`, () => {
      const { status, stderr } = spawnSync(command, { cwd: root, shell: true, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    });
  }
}
