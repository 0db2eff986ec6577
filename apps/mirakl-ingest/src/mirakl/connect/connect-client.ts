import type { MarketplaceCredentials } from '@watertight/marketplaces';
import { isLoopback } from '@watertight/marketplaces';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { MiraklError } from '../mirakl-errors.ts';
import { parseJson } from '../parse-json.ts';
import { type Answer, SellerClient, type SellerClientOptions } from '../seller/client.ts';

export type ConnectCredentials = Extract<MarketplaceCredentials, { kind: 'oauth' }>;

/** Mirakl's token service (developer guide of the Connect channel platform, authentication). */
const TOKEN_URL = 'https://auth.mirakl.net/oauth/token';
/** A token is renewed before it runs out, so that no call meets its end. */
const RENEW_BEFORE_MS = 60_000;

interface Token {
  readonly authorization: string;
  readonly renewAtMs: number;
}

const tokenAnswer = Compile(
  Type.Object({ access_token: Type.String({ minLength: 1 }), expires_in: Type.Optional(Type.Number()) }),
);

/** HTTP to Mirakl Connect: as SellerClient, with a token that is renewed before its end and after a refusal. */
export class ConnectClient {
  readonly #client: SellerClient;
  readonly #options: Omit<SellerClientOptions, 'apiKey'>;
  readonly #credentials: ConnectCredentials;
  #token: Promise<Token> | undefined;

  constructor(options: Omit<SellerClientOptions, 'apiKey'>, credentials: ConnectCredentials) {
    this.#options = options;
    this.#credentials = credentials;
    this.#client = new SellerClient({ ...options, apiKey: '' });
  }

  /** As SellerClient.get. A token that Mirakl refuses is thrown away and the call made once more with a new one. */
  async get<T>(
    path: string,
    query: URLSearchParams,
    read: (answer: Answer) => T,
    signal: AbortSignal,
  ): Promise<T> {
    const token = await this.#current(signal);
    try {
      return await this.#client.get(path, query, read, signal, token.authorization);
    } catch (error) {
      if (!(error instanceof MiraklError) || error.status !== 401) throw error;
      this.#token = undefined;
      const { authorization } = await this.#current(signal);
      return this.#client.get(path, query, read, signal, authorization);
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #current(signal: AbortSignal): Promise<Token> {
    const nowMs = this.#options.clock.now().getTime();
    const known = await this.#token?.catch(() => undefined);
    if (known !== undefined && nowMs < known.renewAtMs) return known;
    this.#token = this.#ask(signal);
    return this.#token;
  }

  async #ask(signal: AbortSignal): Promise<Token> {
    const { marketplaceId, baseUrl, clock } = this.#options;
    const { clientId, clientSecret, companyId, tokenUrl } = this.#credentials;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      // Names the company whose orders are read (Carriyo's documentation of its Connect connector).
      audience: companyId,
    });
    const url = tokenUrl ?? (isLoopback(new URL(baseUrl).hostname) ? `${baseUrl}/oauth/token` : TOKEN_URL);
    const body = await this.#client.postForm(url, form, signal);
    const answer = parseJson(body);
    if (!tokenAnswer.Check(answer)) {
      throw new MiraklError('unreadable_answer', `${marketplaceId}: Mirakl's token service gave no token`);
    }
    const livesMs = (answer.expires_in ?? 300) * 1_000;
    const renewInMs = Math.max(livesMs - RENEW_BEFORE_MS, livesMs / 2);
    return {
      authorization: `Bearer ${answer.access_token}`,
      renewAtMs: clock.now().getTime() + renewInMs,
    };
  }
}
