import { type Clock, RetryableError } from '@watertight/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
  AuthorizationResponseError,
} from 'openid-client';
import { notFound } from '../http/api-error.ts';
import type { Access } from './access.ts';
import type { OidcProvider } from './oidc-provider.ts';
import { readCookie, shortCookie } from './session-cookie.ts';
import type { SignIn } from './sign-in.ts';

const CALLBACK = '/api/v1/session/callback';
const MINUTE_MS = 60_000;
const ATTEMPT_MS = 10 * MINUTE_MS;

/** What has to be remembered while the browser is away at the identity provider. */
interface Attempt {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

/**
 * Signing in by browser: authorization code with PKCE. The attempt travels in a sealed cookie, so that any replica can
 * end what another began; the tokens stay here and are forgotten once the console has its own cookie.
 */
export class BrowserSignIn {
  constructor(
    private readonly access: Access,
    private readonly signIn: SignIn,
    private readonly clock: Clock,
  ) {}

  /** Sends the browser to the identity provider. Throws ApiError (404) without one, RetryableError while it is away. */
  async start(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const provider = this.#provider();
    const configuration = await provider.configuration();
    const attempt: Attempt = {
      verifier: randomPKCECodeVerifier(),
      state: randomState(),
      nonce: randomNonce(),
    };
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: callbackOf(request),
      scope: 'openid profile',
      code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
      state: attempt.state,
      nonce: attempt.nonce,
    });
    const sealed = this.access.sessions.sealText(JSON.stringify(attempt), ATTEMPT_MS, this.clock.now());
    reply.header('set-cookie', shortCookie(request, 'signin', sealed, ATTEMPT_MS / 1_000));
    reply.header('cache-control', 'no-store').redirect(url.href, 303);
  }

  /** Where the provider sends the browser back to: a cookie for whom it vouches, and the console. */
  async finish(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const provider = this.#provider();
    const attempt = this.#attemptOf(request);
    const actor = attempt === undefined ? undefined : await this.#actorOf(request, attempt, provider);
    reply.header('set-cookie', shortCookie(request, 'signin', '', 0));
    if (actor !== undefined) this.signIn.remember(actor, request, reply);
    reply.header('cache-control', 'no-store').redirect(actor === undefined ? '/?signin=refused' : '/', 303);
  }

  async #actorOf(request: FastifyRequest, attempt: Attempt, provider: OidcProvider) {
    const configuration = await provider.configuration();
    const here = new URL(callbackOf(request));
    here.search = new URL(request.url, here).search;
    try {
      const tokens = await authorizationCodeGrant(configuration, here, {
        pkceCodeVerifier: attempt.verifier,
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        idTokenExpected: true,
      });
      // Roles stand in the token that is made for us; many providers put them only into the access token.
      const byAccessToken = await this.access.actorByToken(tokens.access_token);
      const claims = tokens.claims();
      return byAccessToken ?? (claims === undefined ? undefined : this.access.actorByClaims(claims));
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw new RetryableError('the identity provider does not answer', { cause: error });
    }
  }

  #provider(): OidcProvider {
    const provider = this.access.browserProvider;
    if (provider === undefined) throw notFound('No identity provider is set up for signing in by browser');
    return provider;
  }

  #attemptOf(request: FastifyRequest): Attempt | undefined {
    const text = this.access.sessions.openText(readCookie(request, 'signin') ?? '', this.clock.now());
    if (text === undefined) return undefined;
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const [verifier, state, nonce] = ['verifier', 'state', 'nonce'].map((key) => Reflect.get(parsed, key));
    return { verifier: String(verifier), state: String(state), nonce: String(nonce) };
  }
}

/** The provider, or what it sent back, says no. Anything else is an outage. */
function isRefusal(error: unknown): boolean {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) return true;
  return error instanceof ClientError && error.code !== 'OAUTH_TIMEOUT';
}

function callbackOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}${CALLBACK}`;
}
