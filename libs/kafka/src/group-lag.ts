import type { OnApplicationShutdown } from '@nestjs/common';
import type { Clock } from '@watertight/service';
import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.ts';
import { isTransient, unavailable } from './kafka-errors.ts';
import { LagTracker } from './lag.ts';
import { readOffsets } from './lag-monitor.ts';

/** Looks at how much another service's group has before it, without being of that group. */
export class GroupLag implements OnApplicationShutdown {
  readonly #admin: Admin;
  #connecting: Promise<void> | undefined;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly clock: Clock,
  ) {
    this.#admin = connection.client.admin();
  }

  /**
   * Messages of the topic that the group has not dealt with, over all partitions. A group that has never run has all of
   * them before it. Throws RetryableError when the brokers do not answer.
   */
  async messages(groupId: string, topic: string): Promise<number> {
    try {
      this.#connecting ??= this.#admin.connect();
      await this.#connecting;
      const nowMs = this.clock.now().getTime();
      const offsets = await readOffsets(this.#admin, groupId, topic);
      return offsets.reduce((sum, one) => sum + new LagTracker().look(one, nowMs).messages, 0);
    } catch (error) {
      // The next look connects again.
      this.#connecting = undefined;
      if (!isTransient(error)) throw error;
      throw unavailable(`Cannot read the lag of ${groupId}`, this.connection.brokers, error);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    this.#connecting = undefined;
    await this.#admin.disconnect();
  }
}
