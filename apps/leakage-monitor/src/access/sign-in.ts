import type { Clock } from '@watertight/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import type { LocalAccess } from './local-access.ts';
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
    private readonly access: LocalAccess,
    private readonly clock: Clock,
  ) {}

  /** Throws ApiError for a wrong token, and for any while there were too many wrong ones. */
  signIn(token: string, request: FastifyRequest, reply: FastifyReply): void {
    const verdict = this.#try(token);
    if (verdict === 'too many')
      throw new ApiError(429, 'too_many_attempts', 'Too many wrong tokens; wait a minute');
    if (verdict === 'wrong') throw new ApiError(401, 'unauthorized', 'This is not the token');
    reply.header('set-cookie', this.#cookie(request));
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
    if (this.#try(token) === 'right') reply.header('set-cookie', this.#cookie(request));
    else url.searchParams.set('signin', 'refused');
    // Only a path of this origin: "//host" would lead elsewhere.
    const path = `/${url.pathname.replace(/^[/\\]+/, '')}${url.search}`;
    return reply.header('cache-control', 'no-store').redirect(path, 303);
  }

  #try(token: string): 'right' | 'wrong' | 'too many' {
    const nowMs = this.clock.now().getTime();
    if (nowMs - this.#failuresSinceMs >= MINUTE_MS) {
      this.#failuresSinceMs = nowMs;
      this.#failures = 0;
    }
    if (this.#failures >= FAILURES_PER_MINUTE_MAX) return 'too many';
    if (this.access.actorByToken(token) !== undefined) return 'right';
    this.#failures += 1;
    return 'wrong';
  }

  #cookie(request: FastifyRequest): string {
    return sessionCookie(request, this.access.newSession(this.clock.now()));
  }
}
