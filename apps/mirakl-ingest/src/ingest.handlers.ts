import { Controller, Inject } from '@nestjs/common';
import { type Command, Topics } from '@watertight/contracts';
import { BatchHandler, DONE, type MessageBatch, type MessageOutcome } from '@watertight/kafka';
import { Database } from '@watertight/postgres';
import { noteCommands } from './commands/note-commands.ts';

/** Commands that ask Mirakl for something. The others are for other services. */
@Controller()
export class IngestHandlers {
  constructor(@Inject(Database) private readonly database: Database) {}

  @BatchHandler(Topics.commands)
  async onCommands({ messages }: MessageBatch<Command>): Promise<readonly MessageOutcome[]> {
    await noteCommands(
      this.database,
      messages.map(({ value }) => value),
    );
    return messages.map(() => DONE);
  }
}
