import type { FastifyRequest } from 'fastify';
import type { Role } from '../http/route.ts';

/** Who is asking, and what they may do. */
export interface Actor {
  readonly subject: string;
  /** As the identity provider shows it; null for the local token. */
  readonly name: string | null;
  readonly role: Role;
  readonly signedInBy: 'token' | 'identity_provider';
}

const actors = new WeakMap<FastifyRequest['raw'], Actor>();

export function rememberActor(request: FastifyRequest, actor: Actor): void {
  actors.set(request.raw, actor);
}

/** Who makes this request. Only for requests under /api, which nobody reaches unknown. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = actors.get(request.raw);
  if (actor === undefined) throw new Error('a handler under /api ran for a request that was not checked');
  return actor;
}
