import type { DeliverBatch } from '../deliver-batch.ts';
import { fromPayload } from '../buyer-event-payload.ts';
import type { WordStore } from '../delivery/word.store.ts';

/** Sends the failed buyer events of an order again, with the same ids: what Klaviyo has already is not sent twice. */
export class ReplayDelivery {
  constructor(
    private readonly words: WordStore,
    private readonly deliver: DeliverBatch,
  ) {}

  async replay(orderKey: string, signal: AbortSignal): Promise<void> {
    const payloads = await this.words.failedPayloads(orderKey);
    if (payloads.length > 0) await this.deliver.deliverEvents(payloads.map(fromPayload), signal);
  }
}
