import { Controller, Inject } from '@nestjs/common';
import { type Command, Topics } from '@watertight/contracts';
import { BatchHandler, DONE, type MessageBatch, type MessageOutcome } from '@watertight/kafka';
import { Database } from '@watertight/postgres';
import { wantedOf } from './commands/refetch-order.ts';
import { wantOrders } from './commands/wanted-order.store.ts';

/** Commands that ask Mirakl for something. The others are for other services. */
@Controller()
export class IngestHandlers {
  constructor(@Inject(Database) private readonly database: Database) {}

  @BatchHandler(Topics.commands)
  async onCommands({ messages }: MessageBatch<Command>): Promise<readonly MessageOutcome[]> {
    const wanted = messages.map(({ value }) => wantedOf(value)).filter((one) => one !== null);
    await wantOrders(this.database, wanted);
    return messages.map(() => DONE);
  }
}
