import { describeEnd, type ProcessEnd, type RunningProcess } from './process.ts';
import { Failure } from './failure.ts';
import type { Progress } from './progress.ts';

/** The exit code of a service whose configuration is wrong (sysexits: EX_CONFIG). Starting it again cannot help. */
export const configurationErrorCode = 78;

export interface Service {
  /** How people know it. */
  name: string;
  launch(): Promise<RunningProcess>;
  /** undefined when it is ready, else what it is waiting for (in a few words, for messages). */
  notReadyBecause(): Promise<string | undefined>;
  startsWithinMs: number;
  /** What to do when it dies before it was ever ready: try again (default), or give up at once. */
  diesAtStart?: 'restart' | 'fail';
}

export interface SupervisorLimits {
  /** So many deaths within `deathWindowMs` are too many. */
  maxDeaths: number;
  deathWindowMs: number;
  /** The pause before the first restart; it doubles with each death in the window. */
  firstPauseMs: number;
  maxPauseMs: number;
  readyCheckMs: number;
}

const defaultLimits: SupervisorLimits = {
  maxDeaths: 5,
  deathWindowMs: 60_000,
  firstPauseMs: 500,
  maxPauseMs: 8_000,
  readyCheckMs: 100,
};

export interface SupervisorOptions {
  progress: Progress;
  /** Ends the start. Once the service was ready it has no effect: then `stop` ends it. */
  signal: AbortSignal;
  /** Called whenever the service's process is another one, or gone. */
  onChange?: (pid: number | undefined) => void;
  limits?: Partial<SupervisorLimits>;
}

const startStopGraceMs = 5_000;

/** Keeps one service running: starts it, starts it again when it dies, and gives up when it keeps dying. */
export class Supervisor {
  readonly name: string;
  /** Rejects with a Failure when the service cannot be kept running. Never resolves. */
  readonly failed: Promise<never>;
  restarts = 0;
  private readonly service: Service;
  private readonly limits: SupervisorLimits;
  private readonly progress: Progress;
  private readonly stopping = new AbortController();
  private readonly deaths: number[] = [];
  private readonly loop: Promise<void>;
  private readonly ready: Promise<void>;
  private current: RunningProcess | undefined;
  private readonly onChange: ((pid: number | undefined) => void) | undefined;

  private constructor(service: Service, options: SupervisorOptions) {
    this.name = service.name;
    this.service = service;
    this.progress = options.progress;
    this.onChange = options.onChange;
    this.limits = { ...defaultLimits, ...options.limits };
    const ready = Promise.withResolvers<void>();
    const failed = Promise.withResolvers<never>();
    this.ready = ready.promise;
    this.failed = failed.promise;
    // Both are for whoever waits for them; a service that fails while nobody does must not crash the command.
    ready.promise.catch(() => undefined);
    failed.promise.catch(() => undefined);
    this.loop = this.run(ready.resolve).catch((error: unknown) => {
      ready.reject(error);
      failed.reject(error);
    });
  }

  /**
   * Starts the service and waits until it is ready for the first time. When that fails, or the signal is aborted
   * before, the service is ended again and the reason thrown.
   */
  static async start(service: Service, options: SupervisorOptions): Promise<Supervisor> {
    options.signal.throwIfAborted();
    const supervisor = new Supervisor(service, options);
    try {
      await unlessAborted(supervisor.ready, options.signal);
      return supervisor;
    } catch (error) {
      await supervisor.stop(startStopGraceMs);
      throw error;
    }
  }

  /** The process id of the service now; undefined between a death and the restart. */
  get pid(): number | undefined {
    return this.current?.pid;
  }

  /** Ends the service for good: asks first, kills after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.stopping.abort();
    await this.current?.stop(graceMs);
    await this.loop;
  }

  private async run(onReady: () => void): Promise<void> {
    let everReady = false;
    while (!this.stopping.signal.aborted) {
      const process = await this.service.launch();
      this.become(process);
      if (this.stopping.signal.aborted) await process.stop(0);
      const becomesReady = this.waitForReady(process, everReady).then((ready) => {
        if (!ready) return;
        everReady = true;
        onReady();
      });
      const end = await Promise.race([process.ended, becomesReady.then(() => process.ended)]).catch(
        async (error: unknown) => {
          await process.stop(0);
          throw error;
        },
      );
      this.become(undefined);
      if (this.stopping.signal.aborted) return;
      await this.afterDeath(end, process, everReady);
    }
  }

  private become(process: RunningProcess | undefined): void {
    this.current = process;
    this.onChange?.(process?.pid);
  }

  /** True once the service is ready; false when it ended first. Throws when it takes too long the first time. */
  private async waitForReady(process: RunningProcess, everReady: boolean): Promise<boolean> {
    const began = performance.now();
    for (;;) {
      if (process.hasEnded || this.stopping.signal.aborted) return false;
      const reason = await this.service.notReadyBecause();
      if (process.hasEnded) return false;
      if (reason === undefined) break;
      if (!everReady && performance.now() - began > this.service.startsWithinMs) {
        throw new Failure(
          `${this.name} is not ready after ${Math.round(this.service.startsWithinMs / 1000)} s: ${reason}\n` +
            `The end of its log:\n${process.lastOutput}`,
        );
      }
      await pause(this.limits.readyCheckMs, this.stopping.signal);
    }
    this.progress(everReady ? `${this.name}: ready again` : `${this.name}: ready`);
    return true;
  }

  private async afterDeath(end: ProcessEnd, process: RunningProcess, everReady: boolean): Promise<void> {
    const { name, limits } = this;
    const { lastOutput, lastErrors } = process;
    if (end.code === configurationErrorCode) throw new Failure(lastErrors, configurationErrorCode);
    if (!everReady && this.service.diesAtStart === 'fail') {
      throw new Failure(
        `${name} ended while starting (${describeEnd(end)}). The end of its log:\n${lastOutput}`,
      );
    }
    const now = performance.now();
    this.deaths.push(now);
    while ((this.deaths[0] ?? now) < now - limits.deathWindowMs) this.deaths.shift();
    if (this.deaths.length >= limits.maxDeaths) {
      throw new Failure(
        `${name} keeps dying: ${this.deaths.length} times within ${Math.round(limits.deathWindowMs / 1000)} s, ` +
          `now with ${describeEnd(end)}. The end of its log:\n${lastOutput}`,
      );
    }
    const pauseMs = Math.min(limits.maxPauseMs, limits.firstPauseMs * 2 ** (this.deaths.length - 1));
    this.progress(
      `${name}: died (${describeEnd(end)}), starting it again in ${pauseMs / 1000} s. ` +
        `The end of its log:\n${indent(lastLines(lastOutput, 10))}`,
    );
    await pause(pauseMs, this.stopping.signal);
    this.restarts += 1;
  }
}

function lastLines(text: string, count: number): string {
  return text.split('\n').slice(-count).join('\n');
}

function indent(text: string): string {
  return text.replace(/^/gm, '          | ');
}

/** `promise`, unless the signal is aborted first: then its reason is thrown. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
  });
}
