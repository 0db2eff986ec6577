import { Controller, Get, Header, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { mayCall } from '../http/route.ts';
import { ROUTES } from '../http/routes.ts';
import type { Me } from './access.api.ts';
import { actorOf } from './actor.ts';

@Controller('api/v1/me')
export class MeController {
  @Get()
  @Header('cache-control', 'no-store')
  read(@Req() request: FastifyRequest): Me {
    const actor = actorOf(request);
    return { ...actor, allowed: ROUTES.filter(({ role }) => mayCall(actor.role, role)).map(({ id }) => id) };
  }
}
