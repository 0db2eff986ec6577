import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { CLOCK, type Clock } from '@watertight/service';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../access/actor.ts';
import { inputReader } from '../http/parse-input.ts';
import { type Action, ActOnExceptions } from './act-on-exceptions.ts';
import { accepting, assigning, reopening, resolving, snoozing } from './actions.ts';
import {
  AcceptSchema,
  AssignSchema,
  type RepairPreview,
  ReopenSchema,
  ReplaySchema,
  ResolveSchema,
  SnoozeSchema,
} from './exception-actions.api.ts';
import {
  type Aging,
  AgingQuerySchema,
  type ExceptionItem,
  type Exceptions,
  ExceptionsQuerySchema,
  type ExceptionStory,
} from './exceptions.api.ts';
import { ReadExceptions } from './read-exceptions.ts';

const readQuery = inputReader(ExceptionsQuerySchema);
const readAging = inputReader(AgingQuerySchema);
const readAssign = inputReader(AssignSchema);
const readAccept = inputReader(AcceptSchema);
const readResolve = inputReader(ResolveSchema);
const readSnooze = inputReader(SnoozeSchema);
const readReopen = inputReader(ReopenSchema);
const readReplay = inputReader(ReplaySchema);

@Controller('api/v1/exceptions')
export class ExceptionsController {
  constructor(
    @Inject(ReadExceptions) private readonly exceptions: ReadExceptions,
    @Inject(ActOnExceptions) private readonly acting: ActOnExceptions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  list(@Query() query: unknown, @Req() request: FastifyRequest): Promise<Exceptions> {
    return this.exceptions.read(readQuery(query), actorOf(request).subject);
  }

  @Get('aging')
  @Header('cache-control', 'no-store')
  aging(@Query() query: unknown, @Req() request: FastifyRequest): Promise<Aging> {
    return this.exceptions.aging(readAging(query), actorOf(request).subject);
  }

  @Get(':id')
  @Header('cache-control', 'no-store')
  story(@Param('id') id: string): Promise<ExceptionStory> {
    return this.exceptions.story(id);
  }

  @Post(':id/assign')
  @HttpCode(200)
  assign(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    return this.#act(id, assigning(readAssign(body).assignee), request);
  }

  @Post(':id/accept')
  @HttpCode(200)
  accept(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    return this.#act(id, accepting(readAccept(body).why), request);
  }

  @Post(':id/resolve')
  @HttpCode(200)
  resolve(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    const { why } = readResolve(body);
    return this.#act(id, resolving(why, actorOf(request).subject, this.clock.now()), request);
  }

  @Post(':id/snooze')
  @HttpCode(200)
  snooze(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    const { until, why = null } = readSnooze(body);
    return this.#act(id, snoozing(until, why, this.clock.now()), request);
  }

  @Post(':id/reopen')
  @HttpCode(200)
  reopen(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    return this.#act(id, reopening(readReopen(body).why ?? null), request);
  }

  @Post(':id/replay')
  @HttpCode(200)
  replay(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<RepairPreview> {
    const { why, force = false, preview = false } = readReplay(body);
    return this.acting.replayOne(id, { why, force, preview }, actorOf(request));
  }

  async #act(id: string, action: Action, request: FastifyRequest): Promise<ExceptionItem> {
    await this.acting.actOnOne(id, action, actorOf(request));
    return this.exceptions.one(id);
  }
}
