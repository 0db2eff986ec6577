import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { applyFaults } from '../faults/apply-faults.ts';
import { parseJson, type Json } from '../http/json.ts';
import type { SandboxState } from '../sandbox-state.ts';
import { checkKey } from './api-keys.ts';
import { endpointsOf, type Endpoint } from './endpoints.ts';
import { errorDocument } from './error-document.ts';
import { forbiddenEndpoints } from './forbidden-endpoints.ts';
import { KlaviyoRefusal } from './klaviyo-errors.ts';
import type { Asked } from './list-events.ts';
import { unfoldCursor, type Query } from './page-cursor.ts';
import { readRevision } from './revision.ts';

const mediaType = 'application/vnd.api+json';
const largestBytes = 5_000_000;

type KlaviyoRequest = FastifyRequest<{ Querystring: Query; Params: { readonly id?: string } }>;

/** The server API of one Klaviyo account, below `/klaviyo`. */
export function klaviyoRoutes(app: FastifyInstance, state: SandboxState): void {
  // Counted before anything else: what a caller tried matters even when a fault or a narrow key stopped it.
  app.addHook('onRequest', async (request) => countCall(state, request));
  applyFaults(app, {
    table: () => state.faults,
    locate: (request) => ({ target: 'klaviyo', path: pathOf(request) }),
    errorBody: (status) =>
      JSON.stringify(
        errorDocument(status, [{ code: 'error', title: 'Error.', detail: 'An internal error occurred.' }]),
      ),
    contentType: mediaType,
  });
  app.addHook('onResponse', async (_request, reply) => {
    count(state.klaviyo.statuses, String(reply.statusCode));
  });
  app.setErrorHandler(async (error, _request, reply) => {
    if (!(error instanceof KlaviyoRefusal)) throw error;
    return reply
      .code(error.status)
      .headers(error.headers)
      .type(mediaType)
      .send(JSON.stringify(errorDocument(error.status, error.problems)));
  });
  for (const endpoint of endpointsOf(state)) {
    app.route<{ Querystring: Query; Params: { readonly id?: string } }>({
      method: endpoint.method,
      url: endpoint.path,
      handler: async (request, reply) => serve(state, endpoint, request, reply),
    });
  }
  app.setNotFoundHandler(async () => {
    const detail = 'The sandbox does not play this endpoint.';
    throw new KlaviyoRefusal(404, [{ code: 'not_found', title: 'Not found.', detail }]);
  });
}

async function serve(
  state: SandboxState,
  endpoint: Endpoint,
  request: KlaviyoRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const nowMs = state.clock.now();
  // The client API is called from browsers with the public key alone.
  if (endpoint.path.startsWith('/api/')) {
    checkKey(state.klaviyoKeys, request.headers.authorization, endpoint.scopes);
  }
  const optedOut = request.headers['x-klaviyo-revision-fall-forward-opt-out'] === '1';
  const revision = readRevision(headerOf(request, 'revision'), optedOut);
  reply.headers(takeQuota(state, endpoint, nowMs));
  state.tick();
  const text = typeof request.body === 'string' ? request.body : '';
  const bytes = Buffer.byteLength(text);
  if (bytes > largestBytes) throw tooLarge();
  const answer = endpoint.answer({
    body: endpoint.method === 'GET' ? null : readBody(text),
    bytes,
    asked: askedOf(request),
    nowMs,
    revision,
    id: request.params.id ?? '',
    path: pathOf(request),
  });
  reply.code(answer.status).headers(answer.headers ?? {});
  if (answer.body === undefined) return reply.send();
  return reply.type(mediaType).send(JSON.stringify(answer.body));
}

function countCall(state: SandboxState, request: FastifyRequest): void {
  const { klaviyo } = state;
  const route = request.routeOptions.url?.replace(/^\/klaviyo/, '');
  count(klaviyo.requests, `${request.method} ${route ?? `${pathOf(request)} (unknown)`}`);
  if (route === undefined) klaviyo.counts.unknownCalls += 1;
  if (!forbiddenEndpoints.some(({ method, path }) => method === request.method && path === route)) return;
  klaviyo.counts.forbiddenCalls += 1;
  klaviyo.forbidden.push({ method: request.method, path: pathOf(request), atMs: state.clock.now() });
}

/** Rate headers of an answer that is not 429. Throws `KlaviyoRefusal` (429), which carries `Retry-After` alone. */
function takeQuota(state: SandboxState, endpoint: Endpoint, nowMs: number): Readonly<Record<string, string>> {
  const { klaviyo } = state;
  if (klaviyo.settings.quota === 'off') return {};
  const taken = klaviyo.quota.take(`${endpoint.method} ${endpoint.path}`, endpoint.tier, nowMs);
  if (taken.ok) {
    return {
      'ratelimit-limit': String(taken.limit),
      'ratelimit-remaining': String(taken.remaining),
      'ratelimit-reset': String(taken.resetSeconds),
    };
  }
  klaviyo.counts.throttled += 1;
  const detail = `Request was throttled. Expected available in ${taken.retryAfterSeconds} second(s).`;
  const problem = {
    code: 'throttled',
    title: 'Request was throttled.',
    detail,
    source: { pointer: '/data/' },
  };
  throw new KlaviyoRefusal(429, [problem], { 'retry-after': String(taken.retryAfterSeconds) });
}

function readBody(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const problem = {
      code: 'parse_error',
      title: 'Malformed request.',
      detail: 'JSON parse error.',
      source: { pointer: '/data' },
    };
    throw new KlaviyoRefusal(400, [problem]);
  }
}

function askedOf(request: KlaviyoRequest): Asked {
  const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
  return { query: unfoldCursor(request.query), api: `${origin}/klaviyo/api`, url: `${origin}${request.url}` };
}

function pathOf(request: FastifyRequest): string {
  return (request.url.split('?')[0] ?? '').replace(/^\/klaviyo/, '').replace(/\/$/, '');
}

function headerOf(request: KlaviyoRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function count(counter: Map<string, number>, key: string): void {
  counter.set(key, (counter.get(key) ?? 0) + 1);
}

function tooLarge(): KlaviyoRefusal {
  const detail = 'The payload must not exceed 5 MB.';
  return new KlaviyoRefusal(413, [
    { code: 'request_too_large', title: 'Payload too large.', detail, source: { pointer: '/data' } },
  ]);
}
