import { RetryableError } from '@watertight/service';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { allowInsecureRequests, ClientSecretPost, type Configuration, discovery, None } from 'openid-client';
import { isLoopback } from '@watertight/marketplaces';

export interface OidcProviderSettings {
  readonly issuer: string;
  /** How we are known there; only needed for signing in by browser. */
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
}

/**
 * What the identity provider says of itself (its discovery document) and its keys. Both are asked for when they are
 * first needed and then kept; a failure is not.
 */
export class OidcProvider {
  readonly issuer: string;
  readonly clientId: string | undefined;
  readonly #secret: string | undefined;
  #configuration: Promise<Configuration> | undefined;
  #keys: JWTVerifyGetKey | undefined;

  constructor({ issuer, clientId, clientSecret }: OidcProviderSettings) {
    this.issuer = issuer;
    this.clientId = clientId;
    this.#secret = clientSecret;
  }

  /** Throws RetryableError while the provider does not answer. */
  async configuration(): Promise<Configuration> {
    this.#configuration ??= this.#discover();
    try {
      return await this.#configuration;
    } catch (cause) {
      this.#configuration = undefined;
      throw new RetryableError('the identity provider does not answer', { cause });
    }
  }

  /** Errors as `configuration`. */
  async keys(): Promise<JWTVerifyGetKey> {
    const { jwks_uri: uri } = (await this.configuration()).serverMetadata();
    if (uri === undefined) throw new RetryableError('the identity provider names no keys');
    this.#keys ??= createRemoteJWKSet(new URL(uri));
    return this.#keys;
  }

  #discover(): Promise<Configuration> {
    const url = new URL(this.issuer);
    // Plain HTTP only where nobody can listen: a provider for tests on this machine.
    const insecure = url.protocol === 'http:' && isLoopback(url.hostname);
    return discovery(
      url,
      this.clientId ?? 'watertight',
      undefined,
      this.#secret === undefined ? None() : ClientSecretPost(this.#secret),
      insecure ? { execute: [allowInsecureRequests] } : {},
    );
  }
}
