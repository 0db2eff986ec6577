import type { FastifyRequest } from 'fastify';
import { SESSION_LIFETIME_MS } from './local-access.ts';

/** Cookies are shared by all ports of a host, so that two systems on one machine need two names. */
function cookieName(request: FastifyRequest): string {
  return `watertight_${request.socket.localPort ?? 0}`;
}

/** The header that keeps a session in the browser, out of reach of scripts and of other sites' requests. */
export function sessionCookie(request: FastifyRequest, session: string): string {
  return cookieOf(request, session, SESSION_LIFETIME_MS / 1_000);
}

/** The header that makes the browser forget it. */
export function noSessionCookie(request: FastifyRequest): string {
  return cookieOf(request, '', 0);
}

function cookieOf(request: FastifyRequest, value: string, maxAgeSeconds: number): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${maxAgeSeconds}`];
  const secure = request.protocol === 'https' ? ['Secure'] : [];
  return [`${cookieName(request)}=${value}`, ...attributes, ...secure].join('; ');
}

export function readSessionCookie(request: FastifyRequest): string | undefined {
  const name = `${cookieName(request)}=`;
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length);
}
