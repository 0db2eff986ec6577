import { Controller, Inject } from '@nestjs/common';
import { type BuyerEvent, type BuyerProfile, type Command, Topics } from '@watertight/contracts';
import {
  BatchHandler,
  CompactedBatchHandler,
  DONE,
  type MessageBatch,
  type MessageOutcome,
} from '@watertight/kafka';
import { RunCommands } from './commands/run-commands.ts';
import { DeliverBatch } from './deliver-batch.ts';
import { TakeProfiles } from './profiles/take-profiles.ts';

/** Where Kafka meets the writer. */
@Controller()
export class WriterHandlers {
  constructor(
    @Inject(DeliverBatch) private readonly deliverBatch: DeliverBatch,
    @Inject(TakeProfiles) private readonly profiles: TakeProfiles,
    @Inject(RunCommands) private readonly commands: RunCommands,
  ) {}

  @BatchHandler(Topics.buyerEvents)
  events(batch: MessageBatch<BuyerEvent>): Promise<readonly MessageOutcome[]> {
    return this.deliverBatch.deliver(batch);
  }

  @CompactedBatchHandler(Topics.buyerProfiles)
  onProfiles(batch: MessageBatch<BuyerProfile | null>): Promise<readonly MessageOutcome[]> {
    return this.profiles.take(batch);
  }

  @BatchHandler(Topics.commands)
  async onCommands({ messages, signal }: MessageBatch<Command>): Promise<readonly MessageOutcome[]> {
    for (const { value } of messages) await this.commands.run(value, signal);
    return messages.map(() => DONE);
  }
}
