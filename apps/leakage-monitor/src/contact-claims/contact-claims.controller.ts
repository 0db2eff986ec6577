import { Body, Controller, Get, Header, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../access/actor.ts';
import { inputReader } from '../http/parse-input.ts';
import { ClaimContacts } from './claim-contacts.ts';
import {
  type ClaimsList,
  ClaimsQuerySchema,
  ClaimsRequestSchema,
  type ClaimsResult,
} from './contact-claims.api.ts';

const readRequest = inputReader(ClaimsRequestSchema);
const readQuery = inputReader(ClaimsQuerySchema);

@Controller('api/v1/contact-claims')
export class ContactClaimsController {
  constructor(@Inject(ClaimContacts) private readonly claims: ClaimContacts) {}

  @Post()
  @HttpCode(202)
  @Header('cache-control', 'no-store')
  claim(@Body() body: unknown, @Req() request: FastifyRequest): Promise<ClaimsResult> {
    return this.claims.claim(readRequest(body), actorOf(request));
  }

  @Get()
  @Header('cache-control', 'no-store')
  list(@Query() query: unknown): Promise<ClaimsList> {
    return this.claims.list(readQuery(query));
  }
}
