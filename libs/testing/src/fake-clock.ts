interface Sleeper {
  readonly wakesAtMs: number;
  readonly wake: () => void;
}

/**
 * A clock that stands still until a test moves it. It has the shape of the services' Clock.
 */
export class FakeClock {
  #nowMs: number;
  #sleepers: Sleeper[] = [];

  constructor(start: Date | string = '2026-01-01T00:00:00.000Z') {
    this.#nowMs = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  /** How many sleeps are under way. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper: Sleeper = { wakesAtMs: this.#nowMs + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      });
    });
  }

  /**
   * Moves the time on by `ms` milliseconds, waking sleepers in the order of their time. After each one the code that
   * waited for it runs until it waits again, so a loop that sleeps every second runs as often as it should.
   */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#takeNext(untilMs); next !== undefined; next = this.#takeNext(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.wakesAtMs);
      next.wake();
      await settle();
    }
    this.#nowMs = untilMs;
  }

  #takeNext(untilMs: number): Sleeper | undefined {
    const [first] = [...this.#sleepers].sort((one, other) => one.wakesAtMs - other.wakesAtMs);
    if (first === undefined || first.wakesAtMs > untilMs) return undefined;
    this.#sleepers = this.#sleepers.filter((other) => other !== first);
    return first;
  }
}

/** Lets promises that are already resolved run their continuations. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
