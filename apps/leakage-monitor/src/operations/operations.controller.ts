import { Body, Controller, Get, Header, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../access/actor.ts';
import { inputReader } from '../http/parse-input.ts';
import {
  type DeadLetters,
  DeadLettersQuerySchema,
  type Operations,
  type ReplayDeadLetters,
  ReplayDeadLettersBodySchema,
} from './operations.api.ts';
import { ReadOperations } from './read-operations.ts';
import { DeadLetterDesk } from './dead-letter-desk.ts';

const readQuery = inputReader(DeadLettersQuerySchema);
const readReplay = inputReader(ReplayDeadLettersBodySchema);

@Controller('api/v1')
export class OperationsController {
  constructor(
    @Inject(ReadOperations) private readonly operations: ReadOperations,
    @Inject(DeadLetterDesk) private readonly letters: DeadLetterDesk,
  ) {}

  @Get('operations')
  @Header('cache-control', 'no-store')
  read(): Promise<Operations> {
    return this.operations.read();
  }

  @Get('dead-letters')
  @Header('cache-control', 'no-store')
  list(@Query() query: unknown): Promise<DeadLetters> {
    return this.letters.list(readQuery(query));
  }

  @Post('dead-letters/replay')
  @HttpCode(200)
  replay(@Body() body: unknown, @Req() request: FastifyRequest): Promise<ReplayDeadLetters> {
    return this.letters.replay(readReplay(body), actorOf(request));
  }
}
