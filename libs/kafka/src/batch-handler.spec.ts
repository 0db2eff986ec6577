import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { type OrderFact, type RefundFact, type BuyerProfile, Topics } from '@watertight/contracts';
import { BatchHandler, CompactedBatchHandler } from './batch-handler.ts';
import { DONE, type MessageBatch, type MessageOutcome } from './message-batch.ts';

/** What does not compile here is as much a part of the claim as what does. */
class Handlers {
  @BatchHandler(Topics.orders)
  async orders({ messages }: MessageBatch<OrderFact>): Promise<readonly MessageOutcome[]> {
    return messages.map(() => DONE);
  }

  // @ts-expect-error a handler of refunds on the topic of orders
  @BatchHandler(Topics.orders)
  async wrongValue({ messages }: MessageBatch<RefundFact>): Promise<readonly MessageOutcome[]> {
    return messages.map(() => DONE);
  }

  // @ts-expect-error a handler that says nothing of its messages
  @BatchHandler(Topics.orders)
  async silent(_: MessageBatch<OrderFact>): Promise<void> {}

  @CompactedBatchHandler(Topics.buyerProfiles)
  async profiles({ messages }: MessageBatch<BuyerProfile | null>): Promise<readonly MessageOutcome[]> {
    return messages.map(() => DONE);
  }

  // @ts-expect-error a handler that does not expect tombstones on a compacted topic
  @CompactedBatchHandler(Topics.buyerProfiles)
  async noTombstones({ messages }: MessageBatch<BuyerProfile>): Promise<readonly MessageOutcome[]> {
    return messages.map(() => DONE);
  }
}

describe('BatchHandler', () => {
  it("makes the method the handler of the topic's name", () => {
    const metadata = Reflect.getMetadataKeys(Handlers.prototype.orders).map((key) =>
      Reflect.getMetadata(key, Handlers.prototype.orders),
    );
    expect(metadata).toContainEqual(['mirakl.orders.v1']);
  });

  it('refuses a compacted topic, whose tombstones the handler would not expect', () => {
    expect(() => BatchHandler(Topics.buyerProfiles)).toThrow(/carries tombstones/);
  });

  it('refuses to expect tombstones where there are none', () => {
    expect(() => CompactedBatchHandler(Topics.orders)).toThrow(/is not compacted/);
  });
});
