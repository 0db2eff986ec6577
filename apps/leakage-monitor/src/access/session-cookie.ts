import type { FastifyRequest } from 'fastify';
import type { Actor } from './actor.ts';
import { SESSION_LIFETIME_MS } from './sessions.ts';

/** Cookies are shared by all ports of a host, so that two systems on one machine need two names. */
function cookieName(request: FastifyRequest, purpose = ''): string {
  return `watertight_${request.socket.localPort ?? 0}${purpose === '' ? '' : `_${purpose}`}`;
}

/** The header that keeps a session in the browser, out of reach of scripts and of other sites' requests. */
export function sessionCookie(
  request: FastifyRequest,
  session: string,
  signedInBy: Actor['signedInBy'],
): string {
  return cookieOf(request, cookieName(request), session, 'Strict', SESSION_LIFETIME_MS[signedInBy] / 1_000);
}

/** The header that makes the browser forget it. */
export function noSessionCookie(request: FastifyRequest): string {
  return cookieOf(request, cookieName(request), '', 'Strict', 0);
}

/** For the minutes of one purpose. Lax: the browser comes back from another site and must still have it. */
export function shortCookie(
  request: FastifyRequest,
  purpose: string,
  value: string,
  seconds: number,
): string {
  return cookieOf(request, cookieName(request, purpose), value, 'Lax', seconds);
}

function cookieOf(
  request: FastifyRequest,
  name: string,
  value: string,
  sameSite: 'Strict' | 'Lax',
  maxAgeSeconds: number,
): string {
  const attributes = ['Path=/', 'HttpOnly', `SameSite=${sameSite}`, `Max-Age=${maxAgeSeconds}`];
  const secure = request.protocol === 'https' ? ['Secure'] : [];
  return [`${name}=${value}`, ...attributes, ...secure].join('; ');
}

export function readSessionCookie(request: FastifyRequest): string | undefined {
  return readCookie(request);
}

/** Undefined for a cookie that is not there or was taken back. */
export function readCookie(request: FastifyRequest, purpose = ''): string | undefined {
  const name = `${cookieName(request, purpose)}=`;
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const value = cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length);
  return value === '' ? undefined : value;
}
