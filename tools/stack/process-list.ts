import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Which process is which service, kept in a file for whoever wants to look at one, or to end one and see it come
 * back. Written whole at every change.
 */
export class ProcessList {
  private readonly file: string;
  private readonly pids = new Map<string, number>();

  constructor(file: string) {
    this.file = file;
    mkdirSync(dirname(file), { recursive: true });
  }

  set(name: string, pid: number | undefined): void {
    if (pid === undefined) this.pids.delete(name);
    else this.pids.set(name, pid);
    const unfinished = `${this.file}.new`;
    writeFileSync(unfinished, `${JSON.stringify(Object.fromEntries(this.pids))}\n`);
    renameSync(unfinished, this.file);
  }

  entries(): [string, number][] {
    return [...this.pids];
  }
}
