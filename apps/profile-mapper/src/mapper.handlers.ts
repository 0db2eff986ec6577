import { Controller, Inject } from '@nestjs/common';
import { type Command, type OrderFact, type RefundFact, Topics } from '@watertight/contracts';
import { BatchHandler, type MessageBatch, type MessageOutcome } from '@watertight/kafka';
import { sortCommands } from './commands/sort-commands.ts';
import { type SortedBatch, sortOrders, sortRefunds } from './facts/sort-facts.ts';
import { BatchMapper } from './map-batch.ts';

/** Where Kafka meets the mapper. */
@Controller()
export class MapperHandlers {
  constructor(@Inject(BatchMapper) private readonly mapper: BatchMapper) {}

  @BatchHandler(Topics.orders)
  orders(batch: MessageBatch<OrderFact>): Promise<readonly MessageOutcome[]> {
    return this.#map(sortOrders(batch));
  }

  @BatchHandler(Topics.refunds)
  refunds(batch: MessageBatch<RefundFact>): Promise<readonly MessageOutcome[]> {
    return this.#map(sortRefunds(batch));
  }

  @BatchHandler(Topics.commands)
  commands(batch: MessageBatch<Command>): Promise<readonly MessageOutcome[]> {
    return this.#map(sortCommands(batch, this.mapper.rules.buyerIdKey));
  }

  async #map({ work, outcomes }: SortedBatch): Promise<readonly MessageOutcome[]> {
    await this.mapper.map(work);
    return outcomes;
  }
}
