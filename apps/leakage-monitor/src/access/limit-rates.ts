import rateLimit from '@fastify/rate-limit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiError } from '../http/api-error.ts';
import { actorOf } from './actor.ts';

const MINUTE_MS = 60_000;

/** How many calls a minute: of one person where addresses come out or in, of one caller where one signs in. */
export const CALLS_PER_MINUTE_MAX: Readonly<
  Record<string, { readonly max: number; readonly by: 'person' | 'caller' }>
> = {
  'POST /api/v1/orders/:orderKey/reveal': { max: 20, by: 'person' },
  'POST /api/v1/buyers/find': { max: 20, by: 'person' },
  'POST /api/v1/session': { max: 60, by: 'caller' },
  'GET /api/v1/session/start': { max: 60, by: 'caller' },
  'GET /api/v1/session/callback': { max: 60, by: 'caller' },
};

// @fastify/rate-limit: the framework's own, so that it counts before the handler and sets the usual headers. Each
// replica counts for itself.
export async function limitRates(app: NestFastifyApplication): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    const limit = CALLS_PER_MINUTE_MAX[`${[route.method].flat().join()} ${route.url}`];
    if (limit === undefined) return;
    const { max, by } = limit;
    route.config = {
      ...route.config,
      rateLimit: {
        max,
        timeWindow: MINUTE_MS,
        ...(by === 'person' ? { keyGenerator: (request) => actorOf(request).subject } : {}),
        errorResponseBuilder: (_request, { after }) =>
          new ApiError(429, 'too_many_calls', `At most ${max} of these a minute; wait ${after}`),
      },
    };
  });
  await app.register(rateLimit, { global: false });
}
