import { type Command, CommandSchema } from '@watertight/contracts';
import { bulkUpsert, type Database, type Queryable } from '@watertight/postgres';
import { Compile } from 'typebox/compile';
import { carriesAddress, subjectOfCommand } from './command-draft.ts';

const checkCommand = Compile(CommandSchema);

/**
 * Notes commands before they are sent. Returns those that were not noted yet: a command whose id is known is under way
 * or sent already. Addresses are left out.
 */
export async function noteCommands<C extends Command>(target: Queryable, asked: readonly C[]): Promise<C[]> {
  // Several causes may ask for one thing, such as an order to be read back for two metrics of a day.
  const commands = [...new Map(asked.map((command) => [command.commandId, command])).values()];
  const { rows } = await bulkUpsert<{ command_id: string }>(target, {
    table: 'sent_command',
    columns: {
      command_id: 'text',
      type: 'text',
      about: 'text',
      marketplace_id: 'text',
      requested_by: 'text',
      requested_at: 'timestamptz',
      why: 'text',
      body: 'jsonb',
    },
    key: ['command_id'],
    update: 'nothing',
    returning: 'command_id',
    rows: commands.map((command) => ({
      command_id: command.commandId,
      type: command.type,
      about: subjectOfCommand(command),
      marketplace_id: 'marketplaceId' in command ? command.marketplaceId : null,
      requested_by: command.requestedBy,
      requested_at: command.requestedAt,
      why: command.why,
      body: withoutAddress(command),
    })),
  });
  const noted = new Set(rows.map((row) => row.command_id));
  return commands.filter(({ commandId }) => noted.has(commandId));
}

function withoutAddress(command: Command): unknown {
  if (!carriesAddress(command)) return command;
  return Object.fromEntries(Object.entries(command).filter(([name]) => name !== 'email'));
}

export class SentCommandStore {
  constructor(private readonly database: Database) {}

  async markPublished(commandIds: readonly string[], now: Date): Promise<void> {
    await this.database.execute(
      `update sent_command set published_at = $2 where command_id = any($1::text[]) and published_at is null`,
      [commandIds, now.toISOString()],
    );
  }

  /** Noted before `before` and not sent, because the brokers were away or we ended in between. */
  async waiting(before: Date, limit: number): Promise<Command[]> {
    const rows = await this.database.query<{ body: unknown }>(
      `select body from sent_command
       where published_at is null and requested_at < $1 and type not in ('claim', 'erase')
       order by requested_at limit $2`,
      [before.toISOString(), limit],
    );
    return rows.flatMap(({ body }) => (checkCommand.Check(body) ? [body] : []));
  }

  /** Forgets a command that could not be sent and cannot be sent by itself, so that it can be asked for again. */
  async forget(commandIds: readonly string[]): Promise<void> {
    await this.database.execute(
      `delete from sent_command where command_id = any($1::text[]) and published_at is null`,
      [commandIds],
    );
  }
}
