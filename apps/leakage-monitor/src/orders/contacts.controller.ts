import { Body, Controller, Header, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { buyerIdOf } from '@watertight/contracts';
import { normaliseAddress } from '@watertight/marketplaces';
import { Database } from '@watertight/postgres';
import { CLOCK, type Clock } from '@watertight/service';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../access/actor.ts';
import { writeAudit } from '../audit/audit.store.ts';
import { ContactsStore } from '../contacts/contacts.store.ts';
import { BuyerKey } from '../contacts/buyer-key.ts';
import { badRequest, notFound } from '../http/api-error.ts';
import { inputReader } from '../http/parse-input.ts';
import { type FoundBuyer, FindBuyerSchema, type Revealed, RevealSchema } from './orders.api.ts';
import { OrdersStore } from './orders.store.ts';

const readReveal = inputReader(RevealSchema);
const readFind = inputReader(FindBuyerSchema);

/** Where addresses come out, or in: audited before anything is shown, limited, and in no URL. */
@Controller('api/v1')
export class ContactsController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(OrdersStore) private readonly orders: OrdersStore,
    @Inject(ContactsStore) private readonly contacts: ContactsStore,
    @Inject(BuyerKey) private readonly key: BuyerKey,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('orders/:orderKey/reveal')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async reveal(
    @Param('orderKey') orderKey: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<Revealed> {
    const { why } = readReveal(body);
    if ((await this.orders.find(orderKey)) === undefined) {
      throw notFound(`The ledger knows no order "${orderKey}"; a key is <marketplace>:<order number>`);
    }
    const now = this.clock.now();
    // Noted first: whatever happens after, it is known who asked.
    await writeAudit(this.database, actorOf(request), now, {
      action: 'contact.revealed',
      about: orderKey,
      why,
    });
    const contacts = await this.contacts.reveal(orderKey);
    return {
      orderKey,
      contacts: contacts.map(({ field, value }) => ({ field, address: value })),
      revealedAt: now.toISOString(),
    };
  }

  @Post('buyers/find')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async find(@Body() body: unknown, @Req() request: FastifyRequest): Promise<FoundBuyer> {
    const address = normaliseAddress(readFind(body).email);
    if (address === undefined) throw badRequest('email is not an address that can receive mail');
    const buyerId = buyerIdOf(address, this.key.value);
    await writeAudit(this.database, actorOf(request), this.clock.now(), {
      action: 'buyer.looked_up',
      about: buyerId,
      why: null,
    });
    return { buyerId, orders: await this.orders.countOfBuyer(buyerId) };
  }
}
