import type { Clock } from '@watertight/service';
import type { Actor } from './actor.ts';
import type { OidcProvider } from './oidc-provider.ts';
import type { OidcTokens } from './oidc-tokens.ts';
import { sameText } from './same-text.ts';
import type { Sessions } from './sessions.ts';

const LOCAL_ACTOR: Actor = { subject: 'local', name: null, role: 'admin', signedInBy: 'token' };

export interface AccessParts {
  /** The one token that the command printed when it started; undefined where only the identity provider counts. */
  readonly localToken: string | undefined;
  readonly oidc: OidcTokens | undefined;
  readonly provider: OidcProvider | undefined;
  readonly sessions: Sessions;
  readonly clock: Clock;
}

/** Who may come in, by which proof. */
export class Access {
  constructor(private readonly parts: AccessParts) {}

  get takesLocalToken(): boolean {
    return this.parts.localToken !== undefined;
  }

  /** Undefined where there is no identity provider, or it does not know us as a client. */
  get browserProvider(): OidcProvider | undefined {
    const { provider } = this.parts;
    return provider?.clientId === undefined ? undefined : provider;
  }

  /** Undefined for a token that proves nothing. Throws RetryableError while the identity provider gives no keys. */
  async actorByToken(candidate: string): Promise<Actor | undefined> {
    return this.actorByLocalToken(candidate) ?? (await this.parts.oidc?.actorBy(candidate));
  }

  actorByLocalToken(candidate: string): Actor | undefined {
    const { localToken } = this.parts;
    return localToken !== undefined && sameText(candidate, localToken) ? LOCAL_ACTOR : undefined;
  }

  /** Who the claims of a token speak of that was checked already; undefined without a role here. */
  actorByClaims(claims: Parameters<OidcTokens['actorOf']>[0]): Actor | undefined {
    return this.parts.oidc?.actorOf(claims);
  }

  actorBySession(session: string): Actor | undefined {
    return this.parts.sessions.open(session, this.parts.clock.now());
  }

  newSession(actor: Actor): string {
    return this.parts.sessions.seal(actor, this.parts.clock.now());
  }

  /** Text that only we can have written, for a few minutes in the browser's hands. */
  get sessions(): Sessions {
    return this.parts.sessions;
  }
}
