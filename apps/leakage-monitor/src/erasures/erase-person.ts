import { randomUUID } from 'node:crypto';
import {
  buyerIdOf,
  type ErasureReceipt,
  type Outcome,
  type OutcomeSchema,
  STAGES,
  type TopicDefinition,
  Topics,
} from '@watertight/contracts';
import { outgoing, type TopicPublisher } from '@watertight/kafka';
import { normaliseAddress } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { Actor } from '../access/actor.ts';
import type { AskServices } from '../commands/ask-services.ts';
import type { BuyerKey } from '../contacts/buyer-key.ts';
import type { ContactsStore } from '../contacts/contacts.store.ts';
import { badRequest, notFound } from '../http/api-error.ts';
import { readPlace, writePlace } from '../http/place-cursor.ts';
import { readLimit } from '../http/read-range.ts';
import type { OrdersStore } from '../orders/orders.store.ts';
import type { Erasure, EraseRequest, Erasures } from './erasures.api.ts';
import type { ErasureRow, ErasuresStore } from './erasures.store.ts';

/** The stages that hold something of a person and so give a receipt. */
const RECEIPTS_OF = ['mapper', 'writer', 'monitor'] as const;

export interface ErasePersonParts {
  readonly store: ErasuresStore;
  readonly orders: OrdersStore;
  readonly contacts: ContactsStore;
  readonly services: AskServices;
  readonly publisher: Pick<TopicPublisher, 'publish'>;
  readonly key: BuyerKey;
  readonly clock: Clock;
  /** Another name only in tests. */
  readonly outcomesTopic?: TopicDefinition<typeof OutcomeSchema>;
}

/** Erases a person everywhere: a command for the other services, and what this one holds at once. */
export class ErasePerson {
  constructor(private readonly parts: ErasePersonParts) {}

  /** Throws ApiError: 400 for no address, 404 for an order that nobody knows or whose buyer nobody knows. */
  async erase({ email, orderKey, why, preview = false }: EraseRequest, actor: Actor): Promise<Erasure> {
    const { orders, services } = this.parts;
    const { buyerId, address } = await this.#whom(email, orderKey);
    const count = await orders.countOfBuyer(buyerId);
    if (preview) return { preview, buyerId, orders: count, commandId: null };
    const command = {
      ...services.asked(actor, why),
      commandId: `erase:${randomUUID()}`,
      type: 'erase' as const,
      buyerId,
      ...(address === undefined ? {} : { email: address }),
    };
    await services.ask([command], actor, { action: 'erase.sent', about: buyerId, why });
    await this.#eraseHere(buyerId);
    return { preview, buyerId, orders: count, commandId: command.commandId };
  }

  async list(query: { readonly cursor?: string; readonly limit?: string }): Promise<Erasures> {
    const limit = readLimit(query.limit);
    const after = query.cursor === undefined ? undefined : readPlace(query.cursor);
    const rows = await this.parts.store.list(after, limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      erasures: page.map(describe),
      nextCursor:
        rows.length > limit && last !== undefined
          ? writePlace({ at: last.requested_at.toISOString(), id: last.command_id })
          : null,
    };
  }

  async #whom(
    email: string | undefined,
    orderKey: string | undefined,
  ): Promise<{ readonly buyerId: string; readonly address: string | undefined }> {
    if ((email === undefined) === (orderKey === undefined)) throw badRequest('Give either email or orderKey');
    if (email !== undefined) {
      const address = normaliseAddress(email);
      if (address === undefined) throw badRequest('email is not an address that can receive mail');
      return { buyerId: buyerIdOf(address, this.parts.key.value), address };
    }
    const { known, buyerId } = await this.parts.store.buyerOf(orderKey ?? '');
    if (!known) throw notFound('The ledger knows no such order');
    if (buyerId === null) {
      throw notFound(
        'Nobody knows whose order this is: it has no usable contact. Erase by the address instead',
      );
    }
    return { buyerId, address: undefined };
  }

  /** Addresses that come again with a replay find their order erased, once the mapper has said so. */
  async #eraseHere(buyerId: string): Promise<void> {
    const { contacts, publisher, clock, outcomesTopic = Topics.outcomes } = this.parts;
    const forgotten = await contacts.forget(buyerId);
    const receipt: ErasureReceipt & Outcome = {
      kind: 'erasure_receipt',
      outcomeId: `monitor:erasure:${buyerId}`,
      buyerId,
      stage: 'monitor',
      at: clock.now().toISOString(),
      done: true,
      detail: `sealed addresses of ${forgotten} orders deleted; the ledger keeps the keyed hash and the amounts`,
    };
    await publisher.publish([
      outgoing(outcomesTopic, { key: buyerId, subject: buyerId, value: receipt, id: receipt.outcomeId }),
    ]);
  }
}

/** Pure. */
function describe(row: ErasureRow): Erasures['erasures'][number] {
  const receipts = (row.receipts ?? []).map(({ stage, done, at, detail }) => ({ stage, done, at, detail }));
  const done = new Set(receipts.filter((receipt) => receipt.done).map(({ stage }) => stage));
  const waitingFor = STAGES.filter((stage) => RECEIPTS_OF.some((one) => one === stage) && !done.has(stage));
  return {
    buyerId: row.buyer_id,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.toISOString(),
    why: row.why,
    complete: waitingFor.length === 0,
    receipts,
    waitingFor: [...waitingFor],
  };
}
