import { RetryableError } from '@watertight/service';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { type Role, ROLES } from '../http/route.ts';
import type { Actor } from './actor.ts';
import type { OidcProvider } from './oidc-provider.ts';

export interface OidcSettings {
  readonly audience: string;
  /** Path of the claim that lists roles, such as `roles` or `realm_access.roles`. */
  readonly rolesClaim: string;
  /** Which value of the claim stands for which role. */
  readonly roleNames: Readonly<Record<Role, string>>;
}

const CLOCK_TOLERANCE_SECONDS = 30;
/** Only signatures by a key pair: nobody here has a secret in common with the issuer. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Reads tokens of the identity provider: JWTs signed with the issuer's keys, for this audience, with a role. */
export class OidcTokens {
  constructor(
    private readonly provider: OidcProvider,
    private readonly settings: OidcSettings,
  ) {}

  /**
   * Undefined for a token that is not the issuer's, not for us, out of date, or gives no role here.
   * Throws RetryableError while the issuer does not give its keys.
   */
  async actorBy(token: string): Promise<Actor | undefined> {
    // Anything else cannot be a JWT, and is no reason to ask the provider for its keys.
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined;
    const keys = await this.provider.keys();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: this.provider.issuer,
        audience: this.settings.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['sub', 'exp'],
      });
      return this.actorOf(payload);
    } catch (error) {
      if (!isAboutTheToken(error)) {
        throw new RetryableError('the identity provider does not give its keys', { cause: error });
      }
      return undefined;
    }
  }

  /** Who the claims speak of; undefined without a subject or a role here. */
  actorOf(payload: JWTPayload): Actor | undefined {
    const role = roleIn(payload, this.settings);
    if (payload.sub === undefined || role === undefined) return undefined;
    const name = [payload['name'], payload['preferred_username']].find((one) => typeof one === 'string');
    return {
      subject: payload.sub,
      name: typeof name === 'string' ? name : null,
      role,
      signedInBy: 'identity_provider',
    };
  }
}

/** jose gives a key set that could not be fetched its own class, or the general one. */
function isAboutTheToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout) return false;
  return error.code !== 'ERR_JOSE_GENERIC';
}

/** The highest role that the claim gives: a list, or a text with spaces or commas. */
function roleIn(payload: JWTPayload, { rolesClaim, roleNames }: OidcSettings): Role | undefined {
  const claim = rolesClaim
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      payload,
    );
  const given: unknown[] =
    typeof claim === 'string' ? claim.split(/[\s,]+/) : Array.isArray(claim) ? claim : [];
  return ROLES.findLast((role) => given.includes(roleNames[role]));
}
