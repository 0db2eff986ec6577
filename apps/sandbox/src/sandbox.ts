import Fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from './clock.ts';
import { connectRoutes } from './connect/connect-routes.ts';
import { controlRoutes } from './control/control-routes.ts';
import { klaviyoRoutes } from './klaviyo/klaviyo-routes.ts';
import { miraklRoutes } from './mirakl/mirakl-routes.ts';
import { SandboxState, type SandboxSettings } from './sandbox-state.ts';

/** Larger than anything a double accepts, so that each can refuse in its own words. */
const bodyLimitBytes = 64 * 1024 * 1024;

export interface Sandbox {
  readonly http: FastifyInstance;
  readonly state: SandboxState;
}

/** Builds the sandbox; it does not listen yet and has no timer. Bugs go to `report`, never silently away. */
export function createSandbox(
  settings: SandboxSettings,
  clock: Clock,
  report: (error: unknown, request: string) => void,
): Sandbox {
  const state = new SandboxState(settings, clock);
  const http = Fastify({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
  });
  // Bodies stay text: each double parses, and refuses, in its own way.
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  http.decorateRequest('fault', undefined);
  http.setErrorHandler(async (error, request, reply) => {
    report(error, `${request.method} ${request.url.split('?')[0] ?? ''}`);
    return reply.code(500).send({ message: 'the sandbox has a bug; see its standard error' });
  });
  http.register(async (app) => miraklRoutes(app, state), { prefix: '/mirakl' });
  http.register(async (app) => connectRoutes(app, state), { prefix: '/connect' });
  http.register(async (app) => klaviyoRoutes(app, state), { prefix: '/klaviyo' });
  http.register(async (app) => controlRoutes(app, state), { prefix: '/sandbox' });
  return { http, state };
}
