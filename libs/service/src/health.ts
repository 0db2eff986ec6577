import { type Clock } from './clock.ts';
import { serviceMetrics } from './service.metrics.ts';

/** A probe: resolves when all is well, rejects with an error that says what is wrong. */
export type HealthCheck = () => Promise<void>;

export type LifecycleState = 'starting' | 'running' | 'draining';

export interface Readiness {
  readonly ready: boolean;
  readonly state: LifecycleState;
  /** Per check `ok`, or what is wrong in words. */
  readonly checks: Readonly<Record<string, string>>;
}

const CHECK_DEADLINE_MS = 2_000;

/** What the service depends on, and whether it works now. Readiness names the check that failed. */
export class HealthRegistry {
  readonly #checks = new Map<string, HealthCheck>();
  readonly #underWay = new Map<string, Promise<string>>();
  #state: LifecycleState = 'starting';

  constructor(
    private readonly clock: Clock,
    private readonly checkDeadlineMs = CHECK_DEADLINE_MS,
  ) {}

  /** Adds a check under a name that an operator understands: `kafka`, `postgres`, `migrations`. */
  register(name: string, check: HealthCheck): void {
    if (this.#checks.has(name)) throw new Error(`health check "${name}" is registered twice`);
    this.#checks.set(name, check);
  }

  enter(state: LifecycleState): void {
    this.#state = state;
  }

  async readiness(): Promise<Readiness> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await this.#run(name, check)] as const),
    );
    for (const [check, result] of results) serviceMetrics.ready.set({ check }, result === 'ok' ? 1 : 0);
    const ready = this.#state === 'running' && results.every(([, result]) => result === 'ok');
    return { ready, state: this.#state, checks: Object.fromEntries(results) };
  }

  async #run(name: string, check: HealthCheck): Promise<string> {
    // A check that hangs is not started again by every probe: they all wait for the one under way.
    const running = this.#underWay.get(name) ?? this.#start(name, check);
    const ended = new AbortController();
    const overdue = this.clock
      .sleep(this.checkDeadlineMs, ended.signal)
      .then(() => `no answer within ${this.checkDeadlineMs} ms`);
    try {
      return await Promise.race([running, overdue]);
    } finally {
      ended.abort();
    }
  }

  #start(name: string, check: HealthCheck): Promise<string> {
    const running = Promise.resolve()
      .then(check)
      .then(
        () => 'ok',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
      .finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, running);
    return running;
  }
}
