import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** A copy of a running server's files, with what makes it whole. */
export interface Backup {
  readonly folder: string;
  /** Nothing that came later is in it. */
  readonly at: Date;
}

/** Copies the files of a running server, as pg_basebackup does, into `folder`. */
export async function backUp(databaseUrl: string, cluster: string, folder: string): Promise<Backup> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('select pg_backup_start($1, true)', ['drill']);
    const at = new Date();
    rmSync(folder, { recursive: true, force: true });
    copy(cluster, folder);
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    rmSync(join(folder, 'pg_wal'), { recursive: true });
    copy(join(cluster, 'pg_wal'), join(folder, 'pg_wal'));
    rmSync(join(folder, 'postmaster.pid'), { force: true });
    const label = join(folder, 'backup_label');
    writeFileSync(label, rows[0]?.labelfile ?? '');
    const { uid, gid } = statSync(folder);
    if (process.getuid?.() === 0) chownSync(label, uid, gid);
    return { folder, at };
  } finally {
    await client.end();
  }
}

/** Puts the copy in the place of what was lost. The server is stopped. */
export function restore({ folder }: Backup, cluster: string): void {
  rmSync(cluster, { recursive: true, force: true });
  copy(folder, cluster);
}

/** With owners and times. Files that change or go meanwhile are mended from the log at the restore. */
function copy(from: string, to: string): void {
  try {
    execFileSync('cp', ['-a', from, to], { stdio: 'pipe' });
  } catch (error) {
    // cp says so when a file went while it copied; the folder itself must be there.
    if (!existsSync(to)) throw error;
  }
}
