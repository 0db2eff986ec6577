import { Body, Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { Command } from '@watertight/contracts';
import { CLOCK, type Clock } from '@watertight/service';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../access/actor.ts';
import { ActOnExceptions } from '../exceptions/act-on-exceptions.ts';
import type { RepairPreview } from '../exceptions/exception-actions.api.ts';
import { conflict, notFound } from '../http/api-error.ts';
import { inputReader } from '../http/parse-input.ts';
import { readRange } from '../http/read-range.ts';
import { KnownMarketplaces } from './known-marketplaces.ts';
import { OrdersStore } from '../orders/orders.store.ts';
import { AskServices } from './ask-services.ts';
import type { Asked } from './command-draft.ts';
import {
  MarketplaceCommandSchema,
  OrderCommandSchema,
  OrderReplaySchema,
  type SentCommand,
  SweepSchema,
} from './commands.api.ts';

const readOrderCommand = inputReader(OrderCommandSchema);
const readReplay = inputReader(OrderReplaySchema);
const readMarketplaceCommand = inputReader(MarketplaceCommandSchema);
const readSweep = inputReader(SweepSchema);

const SWEEP_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What people ask the services for, about an order or a marketplace. */
@Controller('api/v1')
export class CommandsController {
  constructor(
    @Inject(AskServices) private readonly services: AskServices,
    @Inject(ActOnExceptions) private readonly acting: ActOnExceptions,
    @Inject(OrdersStore) private readonly orders: OrdersStore,
    @Inject(KnownMarketplaces) private readonly marketplaces: KnownMarketplaces,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('orders/:orderKey/refetch')
  @HttpCode(202)
  refetch(@Param('orderKey') orderKey: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    const sentence = 'Mirakl is asked for the order again; what has changed goes the whole way';
    return this.#askOfOrder(orderKey, body, request, sentence, (asked) => ({
      ...asked,
      type: 'refetch',
      orderKey,
    }));
  }

  @Post('orders/:orderKey/verify')
  @HttpCode(202)
  verify(@Param('orderKey') orderKey: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    const sentence = 'The buyer events of the order are read back from Klaviyo now; nothing is sent';
    return this.#askOfOrder(orderKey, body, request, sentence, (asked) => ({
      ...asked,
      type: 'verify',
      orderKey,
    }));
  }

  @Post('orders/:orderKey/replay')
  @HttpCode(202)
  async replay(
    @Param('orderKey') orderKey: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<RepairPreview> {
    const { why, force = false, preview = false } = readReplay(body);
    await this.#find(orderKey);
    const id = await this.orders.exceptionToReplay(orderKey);
    if (id === undefined) {
      throw conflict('nothing_to_replay', 'No step of this order has failed, so there is none to run again');
    }
    return this.acting.replayOne(id, { why, force, preview }, actorOf(request));
  }

  @Post('marketplaces/:id/sweep')
  @HttpCode(202)
  async sweep(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<SentCommand> {
    const { why, preview, ...given } = readSweep(body);
    const now = this.clock.now();
    const range = readRange(given);
    const to = range.to ?? now.toISOString();
    const from = range.from ?? new Date(now.getTime() - SWEEP_DAYS * DAY_MS).toISOString();
    const sentence = `The orders of ${id} created from ${from} to ${to} are read again; what is missing is captured`;
    return this.#askOfMarketplace(id, { why, preview }, request, sentence, (asked) => ({
      ...asked,
      type: 'sweep',
      marketplaceId: id,
      from,
      to,
    }));
  }

  @Post('marketplaces/:id/check')
  @HttpCode(202)
  check(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    const sentence = `The preflight checks of ${id} run again`;
    const input = readMarketplaceCommand(body);
    return this.#askOfMarketplace(id, input, request, sentence, (asked) => ({
      ...asked,
      type: 'check',
      marketplaceId: id,
    }));
  }

  @Post('marketplaces/:id/reevaluate')
  @HttpCode(202)
  reevaluate(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    const sentence = `The orders of ${id} that are held back or without a contact are judged again by the policy as it is now`;
    const input = readMarketplaceCommand(body);
    return this.#askOfMarketplace(id, input, request, sentence, (asked) => ({
      ...asked,
      type: 'reevaluate',
      marketplaceId: id,
    }));
  }

  async #askOfOrder(
    orderKey: string,
    body: unknown,
    request: FastifyRequest,
    sentence: string,
    build: (asked: Asked) => Command,
  ): Promise<SentCommand> {
    const { why, preview = false } = readOrderCommand(body);
    await this.#find(orderKey);
    if (preview) return { preview, commandId: null, sentence, orders: 1 };
    const command = build(this.services.asked(actorOf(request), why));
    const entry = { action: `${command.type}.sent`, about: orderKey, why };
    await this.services.ask([command], actorOf(request), entry);
    return { preview, commandId: command.commandId, sentence, orders: 1 };
  }

  async #askOfMarketplace(
    id: string,
    { why, preview = false }: { readonly why: string; readonly preview?: boolean | undefined },
    request: FastifyRequest,
    sentence: string,
    build: (asked: Asked) => Command,
  ): Promise<SentCommand> {
    this.marketplaces.find(id);
    if (preview) return { preview, commandId: null, sentence, orders: null };
    const command = build(this.services.asked(actorOf(request), why));
    await this.services.ask([command], actorOf(request), {
      action: `${command.type}.sent`,
      about: id,
      why,
    });
    return { preview, commandId: command.commandId, sentence, orders: null };
  }

  async #find(orderKey: string): Promise<void> {
    if ((await this.orders.find(orderKey)) !== undefined) return;
    throw notFound(`The ledger knows no order "${orderKey}"; a key is <marketplace>:<order number>`);
  }
}
