import createFetchClient, { type Middleware } from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import { ApiFailure } from './api-failure.ts';
import type { paths } from './schema.d.ts';

/** A change made with the cookie needs this header, which no page of another origin can send. */
const CSRF_HEADER = 'x-watertight-console';

/** Every refusal is thrown as an ApiFailure with a sentence for people; so is no answer at all. */
const refusals: Middleware = {
  onRequest({ request }) {
    request.headers.set(CSRF_HEADER, '1');
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return undefined;
    throw new ApiFailure(response.status, await messageIn(response));
  },
  onError({ error }) {
    if (error instanceof ApiFailure) return error;
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    return new ApiFailure(0, 'The monitor does not answer. It is asked again by itself.');
  },
};

async function messageIn(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body === 'object' && body !== null && 'error' in body) {
    const { error } = body;
    if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  }
  return `The monitor answered ${response.status}.`;
}

/** The monitor's API, typed by its own document. The console's cookie opens it. Throws ApiFailure. */
export const http = createFetchClient<paths>({ baseUrl: '/api/v1' });
http.use(refusals);

/** The same as hooks: `api.useQuery('get', '/balance')`. */
export const api = createQueryClient(http);

/** What a call answered; refusals have been thrown before. */
export async function answerOf<Answer>(call: Promise<{ readonly data?: Answer }>): Promise<Answer> {
  const { data } = await call;
  if (data === undefined) throw new ApiFailure(0, 'The monitor answered nothing.');
  return data;
}
