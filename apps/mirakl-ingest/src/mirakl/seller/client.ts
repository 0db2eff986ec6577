import type { Clock } from '@watertight/service';
import { Agent, request } from 'undici';
import { ingestMetrics } from '../../ingest.metrics.ts';
import { errorOfStatus, MiraklError, readRetryAfter } from '../mirakl-errors.ts';
import { retryCall } from '../retry-call.ts';

export interface SellerClientOptions {
  readonly marketplaceId: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** For one attempt in all, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly body: string;
  readonly link: string | undefined;
  /** The server's `Date`, else the time of arrival here. */
  readonly answeredAt: Date;
}

/** With a body or a form it is a POST. */
interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body?: string;
  /** In place of the raw key. */
  readonly authorization?: string;
  /** With a form: the whole address, asked without a key. */
  readonly address?: string;
  readonly form?: URLSearchParams;
}

const TIMEOUT_MS = 60_000;
/** Far above any page of 100 orders; what is larger is not an answer to our question. */
const BODY_MAX_BYTES = 128 * 1024 * 1024;

/** HTTP to one marketplace's seller API: the key, the deadline, the retries and the errors. Nothing at Mirakl is changed. */
export class SellerClient {
  readonly #agent = new Agent({ connections: 4, maxResponseSize: BODY_MAX_BYTES, keepAliveTimeout: 30_000 });
  /** For files of any size: they are read piece by piece, and may wait for us as long as they like. */
  readonly #fileAgent = new Agent({ connections: 1, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  readonly #options: SellerClientOptions;

  constructor(options: SellerClientOptions) {
    this.#options = options;
  }

  /**
   * GET `<baseUrl><path>?<query>`, and what `read` makes of the answer; `read` throws MiraklError for a body that is not
   * what was asked for, and the call is then made again like one that failed. Throws MiraklError, or the signal's
   * reason once it has aborted.
   */
  async get<T>(
    path: string,
    query: URLSearchParams,
    read: (answer: Answer) => T,
    signal: AbortSignal,
    authorization?: string,
  ): Promise<T> {
    const { clock, random } = this.#options;
    const call = { path, query, ...(authorization === undefined ? {} : { authorization }) };
    return retryCall(() => this.#attempt(call, read, signal), { clock, random, signal });
  }

  /** POST of a form to an address of its own, without the key: what a token service answers. Errors as `get`. */
  async postForm(address: string, form: URLSearchParams, signal: AbortSignal): Promise<string> {
    const { clock, random } = this.#options;
    const call = { address, form, path: '', query: new URLSearchParams() };
    return retryCall(() => this.#attempt(call, ({ body }) => body, signal), { clock, random, signal });
  }

  /**
   * POST of a JSON body, and what `read` makes of the answer. Made once: whether a call that was not answered has begun
   * something is for the caller to find out. Errors as `get`.
   */
  async post<T>(
    path: string,
    query: URLSearchParams,
    body: unknown,
    read: (answer: Answer) => T,
    signal: AbortSignal,
  ): Promise<T> {
    return this.#attempt({ path, query, body: JSON.stringify(body) }, read, signal);
  }

  /**
   * The file at an address that Mirakl named, piece by piece as text. The key goes to this marketplace's own host only;
   * another host, such as a file store, must do without it, and must be asked by https. Throws MiraklError, also in
   * the middle of the file.
   */
  async *readFile(address: string, signal: AbortSignal): AsyncIterable<string> {
    const { marketplaceId, baseUrl, apiKey, clock } = this.#options;
    const url = URL.parse(address, baseUrl);
    const isOwn = url?.origin === new URL(baseUrl).origin;
    if (url === null || (!isOwn && url.protocol !== 'https:')) {
      throw new MiraklError('rejected', `${marketplaceId}: Mirakl named a file at an address we do not ask`);
    }
    try {
      const { statusCode, headers, body } = await request(url, {
        headers: { accept: 'application/json', ...(isOwn ? { authorization: apiKey } : {}) },
        dispatcher: this.#fileAgent,
        signal,
      });
      if (statusCode >= 300) {
        await body.dump();
        const retryAfterMs = readRetryAfter(single(headers['retry-after']), clock.now());
        throw errorOfStatus(marketplaceId, statusCode, retryAfterMs);
      }
      body.setEncoding('utf8');
      for await (const piece of body) yield String(piece);
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof MiraklError ? error : this.#networkError(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#agent.destroy(), this.#fileAgent.destroy()]);
  }

  async #attempt<T>(call: Call, read: (answer: Answer) => T, signal: AbortSignal): Promise<T> {
    const marketplace = this.#options.marketplaceId;
    try {
      const result = read(await this.#sent(call, signal));
      ingestMetrics.calls.inc({ marketplace, result: 'ok' });
      return result;
    } catch (error) {
      if (error instanceof MiraklError) ingestMetrics.calls.inc({ marketplace, result: error.kind });
      throw error;
    }
  }

  async #sent(call: Call, signal: AbortSignal): Promise<Answer> {
    try {
      return await this.#send(call, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof MiraklError ? error : this.#networkError(error);
    }
  }

  async #send(call: Call, signal: AbortSignal): Promise<Answer> {
    const { marketplaceId, baseUrl, clock, timeoutMs = TIMEOUT_MS } = this.#options;
    const sent = call.form?.toString() ?? call.body;
    const { statusCode, headers, body } = await request(
      call.address ?? `${baseUrl}${call.path}?${call.query.toString()}`,
      {
        method: sent === undefined ? 'GET' : 'POST',
        headers: this.#headers(call),
        ...(sent === undefined ? {} : { body: sent }),
        dispatcher: this.#agent,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      },
    );
    const text = await body.text();
    const now = clock.now();
    if (statusCode >= 300) {
      throw errorOfStatus(marketplaceId, statusCode, readRetryAfter(single(headers['retry-after']), now));
    }
    const servedAt = Date.parse(single(headers['date']) ?? '');
    return {
      body: text,
      link: single(headers['link']),
      answeredAt: Number.isNaN(servedAt) ? now : new Date(servedAt),
    };
  }

  #headers({ form, body, authorization }: Call): Record<string, string> {
    const accept = { accept: 'application/json' };
    if (form !== undefined) return { ...accept, 'content-type': 'application/x-www-form-urlencoded' };
    return {
      ...accept,
      // The raw key, without "Bearer". Redirects are not followed: the key goes to this host and no other.
      authorization: authorization ?? this.#options.apiKey,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
  }

  #networkError(error: unknown): MiraklError {
    const { marketplaceId, timeoutMs = TIMEOUT_MS } = this.#options;
    const code = error instanceof Error ? (textOf(error, 'code') ?? error.name) : 'unknown error';
    if (code === 'UND_ERR_INVALID_ARG') {
      const message = `${marketplaceId}: the call cannot be made; check apiKey and baseUrl in marketplaces.yaml`;
      return new MiraklError('rejected', message, { cause: error });
    }
    const said = code === 'TimeoutError' ? `within ${timeoutMs} ms` : `(${code})`;
    const message = `${marketplaceId}: Mirakl did not answer ${said}; check baseUrl in marketplaces.yaml if it lasts`;
    return new MiraklError('unavailable', message, { cause: error });
  }
}

function textOf(error: Error, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
