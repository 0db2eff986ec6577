/** True while any process of the group `pid` exists. */
export function isAlive(pid: number): boolean {
  return signalGroup(pid, 0);
}

/** Sends `signal` to the whole group `pid`. Returns false when no process of it exists any more. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    // EPERM: it exists and belongs to another user; as far as being alive goes, it is.
    if (hasCode(error, 'EPERM')) return true;
    throw error;
  }
}

/** True when `error` is a system error with this code, for example `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
