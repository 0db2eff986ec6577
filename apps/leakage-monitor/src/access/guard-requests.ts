import type { Clock } from '@watertight/service';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor, LocalAccess } from './local-access.ts';
import { readSessionCookie } from './session-cookie.ts';
import type { SignIn } from './sign-in.ts';

/** A page of another origin cannot send this header without asking first, and nobody answers such questions here. */
const CSRF_HEADER = 'x-watertight-console';

/** Whoever signs in is not known yet. */
const SESSION_PATH = '/api/v1/session';

const actors = new WeakMap<FastifyRequest['raw'], Actor>();

/** Who makes this request. Only for requests under /api, which nobody reaches unknown. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = actors.get(request.raw);
  if (actor === undefined) throw new Error('a handler under /api ran for a request that was not checked');
  return actor;
}

/**
 * Everything under /api, but for signing in, needs the token or the console's cookie; to change something with the
 * cookie needs the console's header too.
 */
export function guardRequests(
  fastify: FastifyInstance,
  access: LocalAccess,
  signIn: SignIn,
  clock: Clock,
): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const url = new URL(request.url, 'http://local');
    if (url.pathname === '/api' || url.pathname.startsWith('/api/')) {
      if (isSignIn(request, url)) return undefined;
      const refusal = refusalOf(request, access, clock.now());
      if (refusal === undefined) return undefined;
      return reply.code(refusal.status).header('cache-control', 'no-store').send({ error: refusal.error });
    }
    return signIn.trade(request, reply, url);
  });
}

function isSignIn(request: FastifyRequest, url: URL): boolean {
  return url.pathname === SESSION_PATH && request.method === 'POST';
}

interface Refusal {
  readonly status: number;
  readonly error: { readonly code: string; readonly message: string };
}

/** Why the request is not let in; undefined when it is, and then it is known who makes it. */
function refusalOf(request: FastifyRequest, access: LocalAccess, now: Date): Refusal | undefined {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const session = bearer === undefined ? readSessionCookie(request) : undefined;
  const byToken = bearer === undefined ? undefined : access.actorByToken(bearer);
  const bySession = session === undefined ? undefined : access.actorBySession(session, now);
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
  actors.set(request.raw, actor);
  return undefined;
}
