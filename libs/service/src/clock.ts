import { setTimeout as delay } from 'node:timers/promises';

/** The time, passed in, so that a test can decide what time it is. */
export interface Clock {
  now(): Date;
  /**
   * Resolves after `ms` milliseconds, or at once when the signal aborts; it never rejects. Loops read
   * `while (!signal.aborted) { …; await clock.sleep(intervalMs, signal); }`.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // An abort is the wanted early end of a pause, not a failure.
      if (signal?.aborted !== true) throw error;
    }
  },
};
