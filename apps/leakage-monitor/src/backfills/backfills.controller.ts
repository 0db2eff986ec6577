import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../access/actor.ts';
import { inputReader } from '../http/parse-input.ts';
import {
  BackfillControlSchema,
  BackfillRequestSchema,
  type Backfills,
  type BackfillStarted,
} from './backfills.api.ts';
import { RunBackfills } from './run-backfills.ts';

const readRequest = inputReader(BackfillRequestSchema);
const readControl = inputReader(BackfillControlSchema);

@Controller('api/v1/backfills')
export class BackfillsController {
  constructor(@Inject(RunBackfills) private readonly backfills: RunBackfills) {}

  @Post()
  @HttpCode(202)
  start(@Body() body: unknown, @Req() request: FastifyRequest): Promise<BackfillStarted> {
    return this.backfills.start(readRequest(body), actorOf(request));
  }

  @Get()
  @Header('cache-control', 'no-store')
  list(): Promise<Backfills> {
    return this.backfills.list();
  }

  @Post(':id/pause')
  @HttpCode(202)
  pause(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    return this.backfills.control(id, 'pause', readControl(body).why, actorOf(request));
  }

  @Post(':id/resume')
  @HttpCode(202)
  resume(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    return this.backfills.control(id, 'resume', readControl(body).why, actorOf(request));
  }

  @Post(':id/cancel')
  @HttpCode(202)
  cancel(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    return this.backfills.control(id, 'cancel', readControl(body).why, actorOf(request));
  }
}
