import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ProcessKeeper } from './process-keeper.ts';
import { hasCode } from './process-group.ts';

export const standIn = fileURLToPath(new URL('./fixtures/stand-in.ts', import.meta.url));
export const commandFixture = fileURLToPath(new URL('./fixtures/command.ts', import.meta.url));

/** A folder for one test. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'watertight-test-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A keeper for one test; at its end nothing that was registered is left. */
export async function keeperFor(context: TestContext): Promise<ProcessKeeper> {
  const { keeper } = await ProcessKeeper.start(500);
  context.after(() => keeper.close());
  return keeper;
}

/** True while the process exists. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    throw error;
  }
}
