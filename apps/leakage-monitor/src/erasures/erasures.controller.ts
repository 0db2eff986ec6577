import { Body, Controller, Get, Header, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../access/actor.ts';
import { inputReader } from '../http/parse-input.ts';
import { ErasePerson } from './erase-person.ts';
import { type Erasure, EraseSchema, type Erasures, ErasuresQuerySchema } from './erasures.api.ts';

const readRequest = inputReader(EraseSchema);
const readQuery = inputReader(ErasuresQuerySchema);

@Controller('api/v1/erasures')
export class ErasuresController {
  constructor(@Inject(ErasePerson) private readonly erasing: ErasePerson) {}

  @Post()
  @HttpCode(202)
  @Header('cache-control', 'no-store')
  erase(@Body() body: unknown, @Req() request: FastifyRequest): Promise<Erasure> {
    return this.erasing.erase(readRequest(body), actorOf(request));
  }

  @Get()
  @Header('cache-control', 'no-store')
  list(@Query() query: unknown): Promise<Erasures> {
    return this.erasing.list(readQuery(query));
  }
}
