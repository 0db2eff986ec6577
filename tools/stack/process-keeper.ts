import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./keeper.ts', import.meta.url));

/** The command's hold on its keeper (see keeper.ts). Every started process group is registered here. */
export class ProcessKeeper {
  private readonly signals = new Map<number, NodeJS.Signals>();
  private child: ChildProcess | undefined;
  private closed = false;
  private onMoved: ((pid: number, port: number) => void) | undefined;

  private readonly graceMs: number;

  private constructor(graceMs: number) {
    this.graceMs = graceMs;
  }

  /** Starts a keeper. Once the command is gone, it gives the processes `graceMs` to end by themselves. */
  static async start(graceMs = 10_000): Promise<{ keeper: ProcessKeeper; pid: number; port: number }> {
    const keeper = new ProcessKeeper(graceMs);
    return { keeper, ...(await keeper.launch()) };
  }

  /** Calls `listener` with the new process and port should the keeper itself have to be replaced. */
  whenMoved(listener: (pid: number, port: number) => void): void {
    this.onMoved = listener;
  }

  /** From now on the group `pid` ends with the command, asked by `signal`. */
  keep(pid: number, signal: NodeJS.Signals): void {
    this.signals.set(pid, signal);
    this.tell(`keep ${pid} ${signal}`);
  }

  /** The group `pid` has ended. */
  forget(pid: number): void {
    this.signals.delete(pid);
    this.tell(`forget ${pid}`);
  }

  /** Lets the keeper end whatever is left, and itself. */
  async close(): Promise<void> {
    this.closed = true;
    const child = this.child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin?.end();
    await ended;
  }

  private tell(line: string): void {
    this.child?.stdin?.write(`${line}\n`);
  }

  private async launch(): Promise<{ pid: number; port: number }> {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', program, String(this.graceMs)],
      { detached: true, stdio: ['pipe', 'pipe', 'inherit'] },
    );
    this.child = child;
    // A write to a keeper that has just been killed fails; its exit is what is acted upon.
    child.stdin.on('error', () => undefined);
    for (const [pid, signal] of this.signals) this.tell(`keep ${pid} ${signal}`);
    const ended = new Promise<never>((_resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`The process keeper ended with code ${code}.`)));
    });
    const listening = new Promise<number>((resolve) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(Number(line)));
    });
    const port = await Promise.race([listening, ended]);
    ended.catch(() => this.replace());
    return { pid: child.pid ?? 0, port };
  }

  private replace(): void {
    if (this.closed) return;
    this.launch().then(
      ({ pid, port }) => this.onMoved?.(pid, port),
      (error: unknown) => {
        throw error;
      },
    );
  }
}
