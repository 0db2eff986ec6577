import type { Clock } from '@watertight/service';
import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.ts';
import { isTransient, unavailable } from './kafka-errors.ts';
import { LagTracker, type PartitionLag } from './lag.ts';
import { readOffsets } from './lag-monitor.ts';

/** What a group reads of a topic. */
export interface Lane {
  readonly group: string;
  readonly topic: string;
}

export interface LaneLag extends Lane {
  readonly partitions: readonly PartitionLag[];
}

export interface DeadLetterCount {
  readonly topic: string;
  /** Records that are still there. */
  readonly messages: number;
  /** Of them, those of the last 24 hours. */
  readonly lastDay: number;
}

export interface LanesLook {
  readonly at: Date;
  readonly lanes: readonly LaneLag[];
  readonly deadLetters: readonly DeadLetterCount[];
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Looks at the lanes of all services without being in any of their groups. It must look regularly: how old the oldest
 * waiting record is, is known from the looks before (see LagTracker). One per process.
 */
export class LaneWatch {
  readonly #admin: Admin;
  readonly #trackers = new Map<string, LagTracker>();
  #connecting: Promise<void> | undefined;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly clock: Clock,
    private readonly lanes: readonly Lane[],
    private readonly deadLetterTopics: readonly string[],
  ) {
    this.#admin = connection.client.admin();
  }

  /** Topics that do not exist are left out. Throws RetryableError when the brokers do not answer. */
  async look(): Promise<LanesLook> {
    try {
      this.#connecting ??= this.#admin.connect();
      await this.#connecting;
      const existing = new Set(await this.#admin.listTopics());
      const at = this.clock.now();
      const lanes: LaneLag[] = [];
      for (const lane of this.lanes.filter(({ topic }) => existing.has(topic))) {
        lanes.push(await this.#lag(lane, at.getTime()));
      }
      const deadLetters: DeadLetterCount[] = [];
      for (const topic of this.deadLetterTopics.filter((name) => existing.has(name))) {
        deadLetters.push(await this.#count(topic, at.getTime()));
      }
      return { at, lanes, deadLetters };
    } catch (error) {
      // The next look connects again.
      this.#connecting = undefined;
      if (!isTransient(error)) throw error;
      throw unavailable('Cannot look at the lanes', this.connection.brokers, error);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    this.#connecting = undefined;
    await this.#admin.disconnect();
  }

  async #lag({ group, topic }: Lane, nowMs: number): Promise<LaneLag> {
    const offsets = await readOffsets(this.#admin, group, topic);
    return {
      group,
      topic,
      partitions: offsets.map((one) => {
        const key = `${group}|${topic}|${one.partition}`;
        const tracker = this.#trackers.get(key) ?? new LagTracker();
        this.#trackers.set(key, tracker);
        return tracker.look(one, nowMs);
      }),
    };
  }

  async #count(topic: string, nowMs: number): Promise<DeadLetterCount> {
    const ends = await this.#admin.fetchTopicOffsets(topic);
    const messages = ends.reduce((sum, { low, high }) => sum + Number(BigInt(high) - BigInt(low)), 0);
    if (messages === 0) return { topic, messages, lastDay: 0 };
    const dayAgo = await this.#admin.fetchTopicOffsetsByTimestamp(topic, nowMs - DAY_MS);
    const lastDay = ends.reduce((sum, { partition, high }) => {
      const from = dayAgo.find((one) => one.partition === partition)?.offset ?? high;
      return sum + Math.max(0, Number(BigInt(high) - BigInt(from)));
    }, 0);
    return { topic, messages, lastDay: Math.min(lastDay, messages) };
  }
}
