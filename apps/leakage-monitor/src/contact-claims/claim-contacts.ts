import { randomUUID } from 'node:crypto';
import type { Command } from '@watertight/contracts';
import type { Database } from '@watertight/postgres';
import type { Clock } from '@watertight/service';
import type { Actor } from '../access/actor.ts';
import { writeAudit } from '../audit/audit.store.ts';
import { noteCommands } from '../commands/sent-command.store.ts';
import type { SendCommands } from '../commands/send-commands.ts';
import { moneyOf } from '../exceptions/money-of.ts';
import { readPlace, writePlace } from '../http/place-cursor.ts';
import { readLimit } from '../http/read-range.ts';
import { type ClaimsStore, noteClaims } from './claims.store.ts';
import type { ClaimsList, ClaimsQuery, ClaimsRequest, ClaimsResult } from './contact-claims.api.ts';
import { matchClaims, type MatchedClaim } from './match-claims.ts';
import { readClaims } from './read-claims.ts';

type ClaimCommand = Extract<Command, { type: 'claim' }>;

interface Drafted {
  readonly command: ClaimCommand;
  readonly masked: string;
}

/** One publish holds at most so many: each is a message of its own. */
const PUBLISH_MAX = 500;

/** Supplies addresses for orders. The addresses go to the mapper; here only their masks are kept. */
export class ClaimContacts {
  constructor(
    private readonly database: Database,
    private readonly store: ClaimsStore,
    private readonly commands: SendCommands,
    private readonly clock: Clock,
  ) {}

  /** Throws ApiError (400) for a table that cannot be read, RetryableError when the claims cannot be sent. */
  async claim(request: ClaimsRequest, actor: Actor): Promise<ClaimsResult> {
    const { preview = false, marketplace } = request;
    const given = readClaims(request);
    const names = [...new Set(given.map(({ order }) => order))];
    const matched = matchClaims(given, await this.store.candidates(names, marketplace));
    if (!preview) await this.#send(matched, request, actor);
    const orders = matched.flatMap((claim) => claim.orders);
    return {
      preview,
      matched: orders.length,
      unmatched: matched.filter(({ line }) => line.result !== 'matched').length,
      money: moneyOf(orders.map(({ currency, amount_minor: minor }) => ({ currency, minor: minor ?? '0' }))),
      lines: matched.map(({ line }) => line),
    };
  }

  async list({ state, marketplace, cursor, limit: wanted }: ClaimsQuery): Promise<ClaimsList> {
    const limit = readLimit(wanted);
    const after = cursor === undefined ? undefined : readPlace(cursor);
    const rows = await this.store.list({ state, marketplaceId: marketplace, after, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      claims: page.map((row) => ({
        claimId: row.claim_id,
        orderKey: row.order_key,
        masked: row.masked,
        source: row.source,
        requestedBy: row.requested_by,
        requestedAt: row.requested_at.toISOString(),
        state: row.published_at === null ? 'not_sent' : row.bucket === 'verified' ? 'recovered' : 'sent',
        bucket: row.bucket,
      })),
      nextCursor:
        rows.length > limit && last !== undefined
          ? writePlace({ at: last.requested_at.toISOString(), id: last.claim_id })
          : null,
    };
  }

  async #send(matched: readonly MatchedClaim[], { source }: ClaimsRequest, actor: Actor): Promise<void> {
    const drafted = this.#draft(matched, actor);
    for (let start = 0; start < drafted.length; start += PUBLISH_MAX) {
      const part = drafted.slice(start, start + PUBLISH_MAX);
      await this.database.transaction(async (transaction) => {
        await noteCommands(
          transaction,
          part.map(({ command }) => command),
        );
        await noteClaims(
          transaction,
          part.map(({ command, masked }) => ({
            claimId: command.commandId,
            orderKey: command.orderKey,
            masked,
            source: command.source,
            requestedBy: command.requestedBy,
            requestedAt: command.requestedAt,
          })),
        );
        const detail = { claims: part.length };
        const entry = { action: 'contacts.claimed', about: null, why: source, detail };
        await writeAudit(transaction, actor, this.clock.now(), entry);
      });
      await this.commands.send(part.map(({ command }) => command));
      await this.store.markPublished(
        part.map(({ command }) => command.commandId),
        this.clock.now(),
      );
    }
  }

  #draft(matched: readonly MatchedClaim[], actor: Actor): Drafted[] {
    const requestedAt = this.clock.now().toISOString();
    return matched.flatMap(({ orders, address, source, line }) =>
      address === undefined
        ? []
        : orders.map((order) => ({
            masked: line.masked,
            command: {
              type: 'claim' as const,
              commandId: `claim:${randomUUID()}`,
              requestedBy: actor.subject,
              requestedAt,
              why: source,
              orderKey: order.order_key,
              email: address,
              source,
            },
          })),
    );
  }
}
