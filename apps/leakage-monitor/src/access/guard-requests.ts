import type { Clock } from '@watertight/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, type LocalAccess, SESSION_LIFETIME_MS } from './local-access.ts';

/** A page of another origin cannot send this header without asking first, and nobody answers such questions here. */
const CSRF_HEADER = 'x-watertight-console';

const actors = new WeakMap<FastifyRequest['raw'], Actor>();

/** Who makes this request. Only for requests under /api, which nobody reaches unknown. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = actors.get(request.raw);
  if (actor === undefined) throw new Error('a handler under /api ran for a request that was not checked');
  return actor;
}

/**
 * Everything under /api needs the token, or for reading the console's cookie; writing with the cookie also needs the
 * console's header. A console address that carries the token is answered with the cookie and the address without it.
 */
export function guardRequests(fastify: FastifyInstance, access: LocalAccess, clock: Clock): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const url = new URL(request.url, 'http://local');
    if (!isApi(url.pathname)) return tradeToken(request, reply, url, access, clock);
    const refusal = refusalOf(request, access, clock.now());
    if (refusal === undefined) return undefined;
    return reply.code(refusal.status).header('cache-control', 'no-store').send({ error: refusal.error });
  });
}

interface Refusal {
  readonly status: number;
  readonly error: { readonly code: string; readonly message: string };
}

function isApi(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}

function refusalOf(request: FastifyRequest, access: LocalAccess, now: Date): Refusal | undefined {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const byToken = bearer === undefined ? undefined : access.actorByToken(bearer);
  const session = bearer === undefined ? sessionCookieOf(request) : undefined;
  const bySession = session === undefined ? undefined : access.actorBySession(session, now);
  const actor = byToken ?? bySession;
  if (actor === undefined) {
    const message =
      'Send the header "Authorization: Bearer <token>", or open the console at the address that was printed at start';
    return { status: 401, error: { code: 'unauthorized', message } };
  }
  if (bySession !== undefined && !isReading(request) && request.headers[CSRF_HEADER] === undefined) {
    const message = `A change made with the console's cookie needs the header ${CSRF_HEADER}`;
    return { status: 403, error: { code: 'csrf', message } };
  }
  actors.set(request.raw, actor);
  return undefined;
}

function isReading(request: FastifyRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

function tradeToken(
  request: FastifyRequest,
  reply: FastifyReply,
  url: URL,
  access: LocalAccess,
  clock: Clock,
): FastifyReply | undefined {
  const token = url.searchParams.get('token');
  if (token === null || !isReading(request)) return undefined;
  url.searchParams.delete('token');
  if (access.actorByToken(token) === undefined) {
    url.searchParams.set('signin', 'refused');
  } else {
    url.searchParams.delete('signin');
    reply.header('set-cookie', sessionCookie(request, access.newSession(clock.now())));
  }
  // Only a path of this origin: "//host" would lead elsewhere.
  const path = `/${url.pathname.replace(/^[/\\]+/, '')}${url.search}`;
  return reply.header('cache-control', 'no-store').redirect(path, 303);
}

/** Cookies are shared by all ports of a host, so that two systems on one machine need two names. */
function cookieName(request: FastifyRequest): string {
  return `watertight_${request.socket.localPort ?? 0}`;
}

function sessionCookie(request: FastifyRequest, session: string): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${SESSION_LIFETIME_MS / 1000}`];
  const secure = request.protocol === 'https' ? ['Secure'] : [];
  return [`${cookieName(request)}=${session}`, ...attributes, ...secure].join('; ');
}

function sessionCookieOf(request: FastifyRequest): string | undefined {
  const name = `${cookieName(request)}=`;
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length);
}
