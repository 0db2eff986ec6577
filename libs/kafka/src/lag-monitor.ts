import type { Clock } from '@watertight/service';
import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.ts';
import { kafkaMetrics } from './kafka-metrics.ts';
import { LagTracker, type PartitionLag, type PartitionOffsets } from './lag.ts';

const INTERVAL_MS = 10_000;
/** Without a good look for this long, what is shown is no longer true. */
const STALE_AFTER_MS = 45_000;

/** What a group has not yet dealt with on a topic, partition by partition, as the brokers have it now. */
export async function readOffsets(admin: Admin, groupId: string, topic: string): Promise<PartitionOffsets[]> {
  const [ends, [committed]] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId, topics: [topic] }),
  ]);
  const byPartition = new Map(
    committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]),
  );
  return ends.map(({ partition, low, high }) => {
    const offset = byPartition.get(partition);
    return {
      partition,
      low: BigInt(low),
      high: BigInt(high),
      committed: offset === undefined || offset < 0n ? null : offset,
    };
  });
}

/** Looks now and then at the lag of the partitions that this replica has, and keeps the gauges. */
export class LagMonitor {
  readonly #admin: Admin;
  readonly #trackers = new Map<string, LagTracker>();
  readonly #stopped = new AbortController();
  #assignment: Readonly<Record<string, readonly number[]>> = {};
  #running: Promise<void> | undefined;
  #lastLookMs: number;
  #lastError: unknown;

  constructor(
    connection: KafkaConnection,
    private readonly groupId: string,
    private readonly clock: Clock,
    private readonly intervalMs = INTERVAL_MS,
  ) {
    this.#admin = connection.client.admin();
    this.#lastLookMs = clock.now().getTime();
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
    this.assign({});
  }

  /** The partitions that this replica has from now on. */
  assign(assignment: Readonly<Record<string, readonly number[]>>): void {
    const before = this.#assignment;
    this.#assignment = assignment;
    for (const [topic, partitions] of Object.entries(before)) {
      for (const partition of partitions) {
        if (assignment[topic]?.includes(partition) === true) continue;
        this.#trackers.delete(`${topic}/${partition}`);
        const labels = { group: this.groupId, topic, partition: String(partition) };
        kafkaMetrics.lagMessages.remove(labels);
        kafkaMetrics.lagSeconds.remove(labels);
      }
    }
  }

  /** The record is the next of its partition to be dealt with. */
  noteHead(topic: string, partition: number, offset: string, timestampMs: number): void {
    this.#trackerOf(topic, partition).noteHead(BigInt(offset), timestampMs);
  }

  /** Looks once, now. */
  async look(): Promise<ReadonlyMap<string, readonly PartitionLag[]>> {
    const lags = new Map<string, PartitionLag[]>();
    for (const [topic, partitions] of Object.entries(this.#assignment)) {
      const offsets = await readOffsets(this.#admin, this.groupId, topic);
      const nowMs = this.clock.now().getTime();
      const mine = offsets.filter(({ partition }) => partitions.includes(partition));
      lags.set(
        topic,
        mine.map((one) => this.#trackerOf(topic, one.partition).look(one, nowMs)),
      );
    }
    this.#show(lags);
    this.#lastLookMs = this.clock.now().getTime();
    this.#lastError = undefined;
    return lags;
  }

  /** Rejects when the brokers have not answered for a while: a readiness check. */
  check(): void {
    const silentMs = this.clock.now().getTime() - this.#lastLookMs;
    if (silentMs <= STALE_AFTER_MS) return;
    const said = this.#lastError instanceof Error ? `: ${this.#lastError.message}` : '';
    throw new BrokersSilentError(`Kafka has not answered for ${Math.round(silentMs / 1_000)} s${said}`);
  }

  async #run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#admin.connect();
        await this.look();
      } catch (error) {
        // Not logged: the consumer says when the brokers are gone, and the readiness check says it as long as it lasts.
        this.#lastError = error;
      }
      await this.clock.sleep(this.intervalMs, this.#stopped.signal);
    }
    await this.#admin.disconnect();
  }

  #show(lags: ReadonlyMap<string, readonly PartitionLag[]>): void {
    for (const [topic, partitions] of lags) {
      for (const { partition, messages, seconds } of partitions) {
        const labels = { group: this.groupId, topic, partition: String(partition) };
        kafkaMetrics.lagMessages.set(labels, messages);
        kafkaMetrics.lagSeconds.set(labels, seconds);
      }
    }
  }

  #trackerOf(topic: string, partition: number): LagTracker {
    const place = `${topic}/${partition}`;
    const tracker = this.#trackers.get(place) ?? new LagTracker();
    this.#trackers.set(place, tracker);
    return tracker;
  }
}

export class BrokersSilentError extends Error {
  override readonly name = 'BrokersSilentError';
}
