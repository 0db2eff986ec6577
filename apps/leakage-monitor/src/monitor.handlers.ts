import { Controller, Inject } from '@nestjs/common';
import {
  type BuyerConsent,
  type OrderFact,
  type Outcome,
  type RefundFact,
  Topics,
} from '@watertight/contracts';
import {
  BatchHandler,
  CompactedBatchHandler,
  DONE,
  type MessageBatch,
  type MessageOutcome,
} from '@watertight/kafka';
import { ConsentsStore } from './consents/consents.store.ts';
import { FoldBatch } from './fold-batch.ts';

/** Where Kafka meets the ledger. */
@Controller()
export class MonitorHandlers {
  constructor(
    @Inject(FoldBatch) private readonly foldBatch: FoldBatch,
    @Inject(ConsentsStore) private readonly consentsStore: ConsentsStore,
  ) {}

  @BatchHandler(Topics.orders)
  orders(batch: MessageBatch<OrderFact>): Promise<readonly MessageOutcome[]> {
    return this.foldBatch.run(batch, (fact) => ({ kind: 'order', fact }));
  }

  @BatchHandler(Topics.refunds)
  refunds(batch: MessageBatch<RefundFact>): Promise<readonly MessageOutcome[]> {
    return this.foldBatch.run(batch, (fact) => ({ kind: 'refund', fact }));
  }

  @BatchHandler(Topics.outcomes)
  outcomes(batch: MessageBatch<Outcome>): Promise<readonly MessageOutcome[]> {
    return this.foldBatch.run(batch, (outcome) => ({ kind: 'outcome', outcome }));
  }

  @CompactedBatchHandler(Topics.buyerConsents)
  async consents(batch: MessageBatch<BuyerConsent | null>): Promise<readonly MessageOutcome[]> {
    await this.consentsStore.fold(batch.messages.map(({ key, value }) => ({ buyerId: key, consent: value })));
    return batch.messages.map(() => DONE);
  }
}
