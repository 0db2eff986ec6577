import type { Clock } from '@watertight/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import type { Access } from './access.ts';
import type { Actor } from './actor.ts';
import { noSessionCookie, sessionCookie } from './session-cookie.ts';

const MINUTE_MS = 60_000;
export const FAILURES_PER_MINUTE_MAX = 10;

/**
 * Two ways from the token to the console's cookie: the address that was printed at start, whose token is taken out of
 * it at once, and the form that asks for the token. Both stop listening for a minute after ten wrong tokens.
 */
export class SignIn {
  #failures = 0;
  #failuresSinceMs = 0;

  constructor(
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  /** Throws ApiError for a wrong token, and for any while there were too many wrong ones. */
  signIn(token: string, request: FastifyRequest, reply: FastifyReply): void {
    const verdict = this.#try(token);
    if (verdict === 'too many')
      throw new ApiError(429, 'too_many_attempts', 'Too many wrong tokens; wait a minute');
    if (verdict === 'wrong') throw new ApiError(401, 'unauthorized', 'This is not the token');
    this.remember(verdict, request, reply);
  }

  /** Gives the browser the cookie of somebody who has proved who it is. */
  remember(actor: Actor, request: FastifyRequest, reply: FastifyReply): void {
    reply.header('set-cookie', sessionCookie(request, this.access.newSession(actor), actor.signedInBy));
  }

  signOut(request: FastifyRequest, reply: FastifyReply): void {
    reply.header('set-cookie', noSessionCookie(request));
  }

  /** Answers an address with `?token=` by the cookie and the address without it; undefined for any other. */
  trade(request: FastifyRequest, reply: FastifyReply, url: URL): FastifyReply | undefined {
    const token = url.searchParams.get('token');
    if (token === null || request.method !== 'GET') return undefined;
    url.searchParams.delete('token');
    url.searchParams.delete('signin');
    const verdict = this.#try(token);
    if (typeof verdict === 'object') this.remember(verdict, request, reply);
    else url.searchParams.set('signin', 'refused');
    // Only a path of this origin: "//host" would lead elsewhere.
    const path = `/${url.pathname.replace(/^[/\\]+/, '')}${url.search}`;
    return reply.header('cache-control', 'no-store').redirect(path, 303);
  }

  #try(token: string): Actor | 'wrong' | 'too many' {
    const nowMs = this.clock.now().getTime();
    if (nowMs - this.#failuresSinceMs >= MINUTE_MS) {
      this.#failuresSinceMs = nowMs;
      this.#failures = 0;
    }
    if (this.#failures >= FAILURES_PER_MINUTE_MAX) return 'too many';
    const actor = this.access.actorByLocalToken(token);
    if (actor !== undefined) return actor;
    this.#failures += 1;
    return 'wrong';
  }
}
