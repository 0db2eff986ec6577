// Gets a fresh clone ready and continues on the Node that the lock file pins. Needs nothing but Node 20 and npm, so
// it is plain JavaScript without dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const leastNode = 20;
const lockFile = join(root, 'package-lock.json');
const stamp = join(root, 'node_modules/.watertight-stamp');
const pinnedNode = join(root, 'node_modules/node/bin/node');

function fail(message, code = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

/** The packages of a lock file that every machine needs, as `place → version and integrity`. */
function requiredPackages(file) {
  const found = new Map();
  for (const [place, entry] of Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)) {
    if (!place.includes('node_modules/') || entry.link || entry.optional || entry.devOptional) continue;
    found.set(place, `${entry.version} ${entry.integrity}`);
  }
  return found;
}

/**
 * True when someone ran `npm install` by hand and it came to its end: npm then writes down what it installed.
 */
function isInstalledByHand() {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = requiredPackages(record);
  return [...requiredPackages(lockFile)].every(([place, version]) => installed.get(place) === version);
}

function install() {
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(pinnedNode)) {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
    if (isInstalledByHand()) {
      writeFileSync(stamp, hash);
      return;
    }
  }
  process.stderr.write(
    'Installing dependencies (npm ci); this happens once for each change of the lock file.\n',
  );
  // The stamp is written last: an installation that was interrupted does not count.
  rmSync(stamp, { force: true });
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    // Standard output belongs to the command (with --json it is read by a program).
    stdio: ['ignore', 2, 2],
  });
  if (npm.error) fail(`npm could not be started: ${npm.error.message}. Is it installed and on the PATH?`);
  if (npm.status !== 0) fail('npm ci failed; its messages are above. Nothing was started.');
  if (!existsSync(pinnedNode)) {
    fail(
      `npm ci did not bring ${pinnedNode}. Are install scripts switched off (npm config get ignore-scripts)?`,
    );
  }
  writeFileSync(stamp, hash);
}

function environment() {
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].filter(Boolean).join(delimiter);
  return { ...process.env, PATH: path };
}

/** Runs the script on the pinned Node. Signals are passed on; should this process be killed, the channel closes. */
function continueOnPinnedNode(script) {
  const child = spawn(
    pinnedNode,
    ['--disable-warning=ExperimentalWarning', join(root, script), ...process.argv.slice(2)],
    { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: environment() },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => fail(`Node could not be started: ${error.message}`));
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

/** Makes sure everything is installed, then runs `script` (a path below the root). */
export async function run(script) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < leastNode) fail(`Node ${leastNode} or newer is needed; this is ${process.versions.node}.`);
  install();
  if (realpathSync(process.execPath) === realpathSync(pinnedNode)) {
    process.env.PATH = environment().PATH;
    await import(join(root, script));
  } else {
    continueOnPinnedNode(script);
  }
}
