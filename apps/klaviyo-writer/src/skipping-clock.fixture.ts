import type { Clock } from '@watertight/service';

interface Sleeper {
  readonly wakesAtMs: number;
  timer: NodeJS.Timeout;
  readonly wake: () => void;
}

/**
 * Runs as time does, and skips some of it when told to: whoever would still be asleep then wakes at once. So an hour of
 * an outage takes as long as the tries in it.
 */
export class SkippingClock implements Clock {
  #skippedMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  now(): Date {
    return new Date(Date.now() + this.#skippedMs);
  }

  monotonicMs(): number {
    return performance.now() + this.#skippedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(sleeper.timer);
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { wakesAtMs: this.monotonicMs() + ms, timer: setTimeout(wake, ms), wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', wake);
    });
  }

  skip(ms: number): void {
    this.#skippedMs += ms;
    const nowMs = this.monotonicMs();
    for (const sleeper of [...this.#sleepers].sort((one, other) => one.wakesAtMs - other.wakesAtMs)) {
      clearTimeout(sleeper.timer);
      if (sleeper.wakesAtMs <= nowMs) sleeper.wake();
      else sleeper.timer = setTimeout(sleeper.wake, sleeper.wakesAtMs - nowMs);
    }
  }
}
