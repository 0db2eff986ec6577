import { backoffMs, type Clock } from '@watertight/service';
import { kafkaMetrics } from './kafka-metrics.ts';

export type PauseCause = 'retry' | 'dead_letters';

/** What a pause does to the consumer. */
export interface PauseControl {
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
}

export interface BackoffSettings {
  readonly baseMs: number;
  readonly maxMs: number;
}

export const DEFAULT_BACKOFF: BackoffSettings = { baseMs: 500, maxMs: 30_000 };

/** However long the other side asks us to wait: a wrong header must not stop a lane for a day. */
const RETRY_AFTER_MAX_MS = 10 * 60_000;

export interface Retry {
  /** 1 for the first failure in a row. */
  readonly attempt: number;
  readonly delayMs: number;
}

interface Pause {
  readonly cause: PauseCause;
  readonly ended: AbortController;
}

/**
 * Which partitions are paused, and until when. A paused partition is not fetched, while the consumer goes on with the
 * others and its heartbeats; what was in hand is fetched again afterwards, because its offset was not resolved.
 */
export class LanePauses {
  readonly #pauses = new Map<string, Pause>();
  readonly #attempts = new Map<string, number>();

  constructor(
    private readonly group: string,
    private readonly control: PauseControl,
    private readonly clock: Clock,
    private readonly backoff: BackoffSettings,
    private readonly random: () => number,
  ) {}

  /** Pauses after a retryable error: for as long as the other side asked, else longer with each failure in a row. */
  retryLater(topic: string, partition: number, retryAfterMs: number | undefined): Retry {
    const place = placeOf(topic, partition);
    const attempt = (this.#attempts.get(place) ?? 0) + 1;
    this.#attempts.set(place, attempt);
    const delayMs =
      retryAfterMs === undefined
        ? backoffMs(attempt, { ...this.backoff, random: this.random })
        : Math.min(Math.max(retryAfterMs, 0), RETRY_AFTER_MAX_MS);
    this.pauseFor(topic, partition, 'retry', delayMs);
    return { attempt, delayMs };
  }

  /** `forMs` null: until this process ends or the partition moves to another member. */
  pauseFor(topic: string, partition: number, cause: PauseCause, forMs: number | null): void {
    const place = placeOf(topic, partition);
    this.#end(place, topic);
    const pause: Pause = { cause, ended: new AbortController() };
    this.#pauses.set(place, pause);
    this.control.pause(topic, partition);
    kafkaMetrics.pauses.inc({ group: this.group, topic, cause });
    kafkaMetrics.paused.inc({ group: this.group, topic, cause });
    if (forMs !== null) void this.#resumeAfter(topic, partition, pause, forMs);
  }

  /** Tries so far of what the partition has at its head: 1 when none has failed yet. */
  attemptOf(topic: string, partition: number): number {
    return (this.#attempts.get(placeOf(topic, partition)) ?? 0) + 1;
  }

  /** Work on the partition came to an end. Returns the failures in a row that went before it. */
  succeeded(topic: string, partition: number): number {
    const place = placeOf(topic, partition);
    const failures = this.#attempts.get(place) ?? 0;
    this.#attempts.delete(place);
    return failures;
  }

  isPaused(topic: string, partition: number): boolean {
    return this.#pauses.has(placeOf(topic, partition));
  }

  /** Ends all pauses: the partitions were shared out anew, or the consumer stops. */
  clear(options: { readonly resume: boolean }): void {
    for (const place of [...this.#pauses.keys()]) {
      const [topic, partition] = topicAndPartition(place);
      this.#end(place, topic);
      if (options.resume) this.control.resume(topic, partition);
    }
    this.#attempts.clear();
  }

  async #resumeAfter(topic: string, partition: number, pause: Pause, forMs: number): Promise<void> {
    await this.clock.sleep(forMs, pause.ended.signal);
    if (pause.ended.signal.aborted) return;
    this.#end(placeOf(topic, partition), topic);
    this.control.resume(topic, partition);
  }

  #end(place: string, topic: string): void {
    const pause = this.#pauses.get(place);
    if (pause === undefined) return;
    this.#pauses.delete(place);
    pause.ended.abort();
    kafkaMetrics.paused.dec({ group: this.group, topic, cause: pause.cause });
  }
}

function placeOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

function topicAndPartition(place: string): [string, number] {
  const cut = place.lastIndexOf('/');
  return [place.slice(0, cut), Number(place.slice(cut + 1))];
}
