import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  directDependencies,
  findLicenceProblems,
  findLooseVersions,
  findUnverifiable,
  findUnexplained,
} from './find-dependency-problems.ts';

const page = '| package | why | what |\n|---|---|---|\n| `one`, `two` | because | nothing |\n';

test('finds a package without a line, and a line without a package', () => {
  const direct = directDependencies([
    { dependencies: { one: '1.0.0', '@watertight/kafka': '0.1.0' } },
    { devDependencies: { three: '1.0.0', '@types/one': '1.0.0' } },
  ]);
  assert.deepEqual(findUnexplained(direct, page), [
    'three has no line on the page',
    'two is on the page and in no package.json',
  ]);
});

test('finds a line without a reason', () => {
  assert.deepEqual(findUnexplained(new Set(['one']), '| `one` |  | x |'), ['one has no line on the page']);
});

test('finds a version that is not exact', () => {
  const found = findLooseVersions([{ name: 'a', dependencies: { one: '^1.0.0', two: '2.0.0-beta.1' } }]);
  assert.deepEqual(found, ['a: one has the loose version ^1.0.0']);
});

test('finds a licence that asks for something back, in what ships only', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/gpl': { license: 'GPL-3.0-only' },
      'node_modules/gpl-tool': { license: 'GPL-3.0-only', dev: true },
      'node_modules/either': { license: '(MIT OR GPL-2.0)' },
      'node_modules/both': { license: 'MIT AND GPL-2.0' },
      'node_modules/nothing': {},
    },
  };
  assert.deepEqual(findLicenceProblems(lock), [
    'gpl is under GPL-3.0-only',
    'both is under MIT AND GPL-2.0',
    'nothing names no licence',
  ]);
});

test('finds what has no checksum or comes from elsewhere', () => {
  const good = { resolved: 'https://registry.example.org/a/-/a-1.0.0.tgz', integrity: 'sha512-AA==' };
  const lock = {
    packages: {
      '': {},
      'apps/one': {},
      'node_modules/@watertight/one': { link: true, resolved: 'apps/one' },
      'node_modules/a': good,
      'node_modules/from-the-registry': { integrity: good.integrity },
      'node_modules/a/node_modules/inner': { inBundle: true },
      'node_modules/bare': { resolved: good.resolved },
      'node_modules/weak': { ...good, integrity: 'sha1-AA==' },
      'node_modules/git': { ...good, resolved: 'git+ssh://git@example.org/git.git#1' },
      'node_modules/plain': { ...good, resolved: 'http://registry.example.org/a/-/a-1.0.0.tgz' },
    },
  };
  assert.deepEqual(findUnverifiable(lock), [
    'node_modules/bare has no sha512 checksum',
    'node_modules/weak has no sha512 checksum',
    'node_modules/git does not come from a registry over TLS',
    'node_modules/plain does not come from a registry over TLS',
  ]);
});
