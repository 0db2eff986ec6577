import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { CLOCK, type Clock } from '@watertight/service';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../access/actor.ts';
import { inputReader } from '../http/parse-input.ts';
import { ActOnExceptions } from './act-on-exceptions.ts';
import { accepting, assigning, snoozing } from './actions.ts';
import {
  BulkAcceptSchema,
  BulkAssignSchema,
  BulkReplaySchema,
  type BulkResult,
  BulkSnoozeSchema,
} from './exception-actions.api.ts';

const readAssign = inputReader(BulkAssignSchema);
const readAccept = inputReader(BulkAcceptSchema);
const readSnooze = inputReader(BulkSnoozeSchema);
const readReplay = inputReader(BulkReplaySchema);

/** The same as for one exception, for all that a filter or a list names; with `preview` nothing is changed. */
@Controller('api/v1/exceptions/bulk')
export class BulkController {
  constructor(
    @Inject(ActOnExceptions) private readonly acting: ActOnExceptions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('assign')
  @HttpCode(200)
  assign(@Body() body: unknown, @Req() request: FastifyRequest): Promise<BulkResult> {
    const { assignee, ...selection } = readAssign(body);
    return this.acting.actOnMany(selection, assigning(assignee), actorOf(request));
  }

  @Post('accept')
  @HttpCode(200)
  accept(@Body() body: unknown, @Req() request: FastifyRequest): Promise<BulkResult> {
    const { why, ...selection } = readAccept(body);
    return this.acting.actOnMany(selection, accepting(why), actorOf(request));
  }

  @Post('snooze')
  @HttpCode(200)
  snooze(@Body() body: unknown, @Req() request: FastifyRequest): Promise<BulkResult> {
    const { until, why = null, ...selection } = readSnooze(body);
    return this.acting.actOnMany(selection, snoozing(until, why, this.clock.now()), actorOf(request));
  }

  @Post('replay')
  @HttpCode(200)
  replay(@Body() body: unknown, @Req() request: FastifyRequest): Promise<BulkResult> {
    const { why, force = false, ...selection } = readReplay(body);
    return this.acting.replayMany(selection, { why, force }, actorOf(request));
  }
}
