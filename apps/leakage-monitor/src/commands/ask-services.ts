import { randomUUID } from 'node:crypto';
import type { Command } from '@watertight/contracts';
import type { Database } from '@watertight/postgres';
import type { Clock } from '@watertight/service';
import type { Actor } from '../access/actor.ts';
import { type AuditEntry, writeAudit } from '../audit/audit.store.ts';
import type { Asked } from './command-draft.ts';
import { noteCommands } from './sent-command.store.ts';
import type { SendCommands } from './send-commands.ts';

/** Sends what a person asked for: noted and audited in one transaction, then sent. */
export class AskServices {
  constructor(
    private readonly database: Database,
    private readonly commands: SendCommands,
    private readonly clock: Clock,
  ) {}

  /** The parts that all commands of one request share, but for the id. */
  asked(actor: Actor, why: string): Asked {
    return {
      commandId: randomUUID(),
      requestedBy: actor.subject,
      requestedAt: this.clock.now().toISOString(),
      why,
    };
  }

  /** Errors as SendCommands.send. */
  async ask(commands: readonly Command[], actor: Actor, entry: AuditEntry): Promise<void> {
    const noted = await this.database.transaction(async (transaction) => {
      await writeAudit(transaction, actor, this.clock.now(), entry);
      return noteCommands(transaction, commands);
    });
    await this.commands.send(noted);
  }
}
