import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ApiRoute, mayCall } from '../http/route.ts';
import { ROUTES } from '../http/routes.ts';
import type { Access } from './access.ts';
import { rememberActor } from './actor.ts';
import { readSessionCookie } from './session-cookie.ts';
import type { SignIn } from './sign-in.ts';

/** A page of another origin cannot send this header without asking first, and nobody answers such questions here. */
const CSRF_HEADER = 'x-watertight-console';

const API = '/api/v1';

/**
 * Everything under /api needs somebody whose role may call it; the table of routes says which role that is, and a
 * handler that is not in the table does not start. To change something with the console's cookie needs the console's
 * header too.
 */
export function guardRequests(fastify: FastifyInstance, access: Access, signIn: SignIn): void {
  const routes = new Map(ROUTES.map((route) => [keyOf(route.method, addressOf(route)), route]));
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) {
      if (!url.startsWith(`${API}/`) || one === 'HEAD' || one === 'OPTIONS') continue;
      if (!routes.has(keyOf(one, url))) throw new Error(`${one} ${url} is not in the table of routes`);
    }
  });
  fastify.addHook('onRequest', async (request, reply) => {
    const url = new URL(request.url, 'http://local');
    if (url.pathname !== '/api' && !url.pathname.startsWith('/api/'))
      return signIn.trade(request, reply, url);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = routes.get(keyOf(method, request.routeOptions.url ?? ''));
    if (route?.role === 'anyone') return undefined;
    const refusal = await refusalOf(request, route, access);
    if (refusal === undefined) return undefined;
    return reply.code(refusal.status).header('cache-control', 'no-store').send({ error: refusal.error });
  });
}

function keyOf(method: string, url: string): string {
  return `${method} ${url}`;
}

/** As Fastify writes it: `/api/v1/orders/:orderKey`. */
function addressOf({ path }: ApiRoute): string {
  return `${API}${path.replace(/\{(\w+)\}/g, ':$1')}`;
}

interface Refusal {
  readonly status: number;
  readonly error: { readonly code: string; readonly message: string };
}

/** Why the request is not let in; undefined when it is, and then it is known who makes it. */
async function refusalOf(
  request: FastifyRequest,
  route: ApiRoute | undefined,
  access: Access,
): Promise<Refusal | undefined> {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const session = bearer === undefined ? readSessionCookie(request) : undefined;
  const byToken = bearer === undefined ? undefined : await access.actorByToken(bearer);
  const bySession = session === undefined ? undefined : access.actorBySession(session);
  const actor = byToken ?? bySession;
  if (actor === undefined) {
    const message =
      'Send the header "Authorization: Bearer <token>", or open the console at the address that was printed at start';
    return { status: 401, error: { code: 'unauthorized', message } };
  }
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (bySession !== undefined && !reads && request.headers[CSRF_HEADER] === undefined) {
    const message = `A change made with the console's cookie needs the header ${CSRF_HEADER}`;
    return { status: 403, error: { code: 'csrf', message } };
  }
  if (route !== undefined && !mayCall(actor.role, route.role)) {
    const message = `This needs the role ${route.role}; yours is ${actor.role}`;
    return { status: 403, error: { code: 'forbidden', message } };
  }
  rememberActor(request, actor);
  return undefined;
}
