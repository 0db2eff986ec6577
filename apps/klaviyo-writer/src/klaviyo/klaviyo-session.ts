import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosAdapter, getAdapter, isAxiosError } from 'axios';
import { ApiKeySession, type Session } from 'klaviyo-api';
import { assertAllowed, type CallList, ForbiddenCallError, OPTIONAL_CALL } from './allowed-calls.ts';
import {
  classifyAnswer,
  classifyNetworkError,
  KlaviyoCallError,
  unreadableAnswer,
} from './klaviyo-errors.ts';
import { FALL_FORWARD_OPT_OUT } from './revision.ts';

type RequestConfig = Parameters<Session['requestWithRetry']>[0];
type Answer = Awaited<ReturnType<Session['requestWithRetry']>>;

export interface KlaviyoSessionOptions {
  readonly apiKey: string;
  /** Nothing leaves to any other address. */
  readonly baseUrl: string;
  /** After this a call counts as unanswered, in milliseconds. */
  readonly timeoutMs: number;
  /** Which calls may pass; those of delivery when left out. */
  readonly calls?: CallList;
}

const SOCKETS_MAX = 32;
const RESPONSE_MAX_BYTES = 64 * 1024 * 1024;

/**
 * How the SDK reaches Klaviyo. The SDK's own session has no time limit, retries by itself and throws errors that hold
 * the API key; this one ends every call in time, makes exactly one attempt (the pipeline decides about another), keeps
 * connections open, lets nothing pass that is not on the list of calls, and throws only KlaviyoCallError or
 * ForbiddenCallError.
 */
export class KlaviyoSession implements Session {
  readonly #signer: ApiKeySession;
  readonly #options: KlaviyoSessionOptions;
  readonly #httpAgent = new HttpAgent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  readonly #httpsAgent = new HttpsAgent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  readonly #underWay = new Set<AbortController>();
  readonly #send: AxiosAdapter = getAdapter('http');
  #closed = false;
  #refusal: KlaviyoCallError | undefined;

  constructor(options: KlaviyoSessionOptions) {
    this.#options = options;
    this.#signer = new ApiKeySession(options.apiKey);
  }

  applyToRequest(config: RequestConfig): void {
    config.headers = { ...config.headers, ...FALL_FORWARD_OPT_OUT };
    this.#signer.applyToRequest(config);
  }

  requestWithRetry(config: RequestConfig): Promise<Answer> {
    return this.#request(config);
  }

  /** The same session, with which the SDK sends this body of JSON, whatever it made itself. */
  withBody(body: Buffer): Session {
    return {
      applyToRequest: (config) => this.applyToRequest(config),
      requestWithRetry: (config) =>
        this.#request({
          ...config,
          headers: { ...config.headers, 'Content-Type': 'application/json' },
          data: body,
          // Without this axios would parse the text to see whether it is JSON.
          transformRequest: (data: unknown) => data,
        }),
      refreshAndRetry: () => this.refreshAndRetry(),
    };
  }

  /** The same session for a call whose answer is read from here: the SDK would copy every field of every event. */
  keepingAnswer(): { readonly session: Session; readonly body: () => unknown } {
    let kept: unknown;
    const session: Session = {
      applyToRequest: (config) => this.applyToRequest(config),
      requestWithRetry: async (config) => {
        const answer = await this.#request(config);
        kept = answer.data;
        return { ...answer, data: undefined };
      },
      refreshAndRetry: () => this.refreshAndRetry(),
    };
    return { session, body: () => kept };
  }

  async #request(config: RequestConfig): Promise<Answer> {
    const { baseUrl, calls } = this.#options;
    const abort = new AbortController();
    let call = '';
    // The last thing that runs before bytes leave: whatever called it and however, only listed calls pass.
    const adapter: AxiosAdapter = async (sent) => {
      call = assertAllowed(
        sent.method ?? 'GET',
        axios.getUri({ ...sent, params: undefined }),
        baseUrl,
        calls,
      );
      return this.#send(sent);
    };
    if (this.#closed) abort.abort();
    const timer = setTimeout(() => abort.abort(), this.#options.timeoutMs);
    this.#underWay.add(abort);
    try {
      const answer = await axios.request<unknown>({
        ...config,
        adapter,
        signal: abort.signal,
        httpAgent: this.#httpAgent,
        httpsAgent: this.#httpsAgent,
        // A redirect would lead past the list of calls, and a proxy from the environment past the base URL.
        maxRedirects: 0,
        proxy: false,
        transformResponse: (text: unknown, _headers: unknown, status?: number) =>
          parseAnswer(text, status ?? 0),
        maxContentLength: RESPONSE_MAX_BYTES,
        maxBodyLength: Infinity,
      });
      this.#refusal = undefined;
      return answer;
    } catch (error) {
      const plain = withoutSecrets(error);
      if (
        plain instanceof KlaviyoCallError &&
        plain.failure.kind === 'misconfigured' &&
        call !== OPTIONAL_CALL
      )
        this.#refusal = plain;
      throw plain;
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(abort);
    }
  }

  /** The key does not change by asking again. */
  refreshAndRetry(): boolean {
    return false;
  }

  /** Rejects while Klaviyo refuses whatever we ask, because of the key, its scopes, the address or the revision. */
  async check(): Promise<void> {
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  /** Ends all calls under way, as if no answer had come, and every later one. */
  close(): void {
    this.#closed = true;
    for (const abort of this.#underWay) abort.abort();
    this.#httpAgent.destroy();
    this.#httpsAgent.destroy();
  }
}

/** An answer that is cut off must be an error, not a text that somebody takes for data; a refusal may be any text. */
function parseAnswer(text: unknown, status: number): unknown {
  if (typeof text !== 'string' || text === '') return undefined;
  const isSuccess = status >= 200 && status < 300;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Without the cause: it quotes the text.
    if (isSuccess) throw new KlaviyoCallError(unreadableAnswer(status));
    return undefined;
  }
}

/** An axios error holds the request with the key and the address: none of it goes on. */
function withoutSecrets(error: unknown): unknown {
  if (error instanceof ForbiddenCallError) return error;
  if (!isAxiosError(error)) return error;
  const { response, code } = error;
  if (response === undefined) return new KlaviyoCallError(classifyNetworkError(code));
  const retryAfter: unknown = response.headers['retry-after'];
  return new KlaviyoCallError(
    classifyAnswer(response.status, typeof retryAfter === 'string' ? retryAfter : null, response.data),
  );
}
