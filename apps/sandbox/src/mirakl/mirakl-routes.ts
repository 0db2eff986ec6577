import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { applyFaults } from '../faults/apply-faults.ts';
import { parseJson, type Json } from '../http/json.ts';
import type { SandboxState } from '../sandbox-state.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import { listReturns } from './list-returns.ts';
import { listTransactions } from './list-transactions.ts';
import { MiraklRefusal } from './mirakl-errors.ts';
import { listOrders, orderTexts } from './orders-answer.ts';
import { flatQuery, type Query, type RawQuery } from './query.ts';
import { renderAccount, renderChannels, renderConfiguration, renderReasons } from './render-platform.ts';

interface Params {
  readonly marketplace: string;
  readonly tracking?: string;
}

interface MiraklRoute {
  Params: Params;
  Querystring: RawQuery;
}

type MiraklRequest = FastifyRequest<MiraklRoute>;

/** A call with the right key for a shop of that key. */
interface MiraklCall {
  readonly marketplace: Marketplace;
  readonly raw: RawQuery;
  readonly query: Query;
  /** The full address that was asked for. */
  readonly url: URL;
  readonly tracking: string;
  readonly body: Json;
  readonly nowMs: number;
}

interface MiraklAnswer {
  readonly body: Json | string | Readable;
  readonly headers?: Readonly<Record<string, string>>;
}

const exportsPath = 'orders/async-export';

/** The seller API of every marketplace, below `/mirakl/<marketplace>`. */
export function miraklRoutes(app: FastifyInstance, state: SandboxState): void {
  setUp(app, state);
  const route = (method: 'GET' | 'POST', path: string, answer: (call: MiraklCall) => MiraklAnswer): void => {
    app.route<MiraklRoute>({
      method,
      url: `/:marketplace/api/${path}`,
      handler: async (request, reply) => serve(state, request, reply, answer),
    });
  };
  const get = (path: string, find: (call: MiraklCall) => Json): void =>
    route('GET', path, (call) => ({ body: find(call) }));
  get('version', () => ({ version: '3.999.0' }));
  get('account', ({ marketplace }) => renderAccount(marketplace));
  get('platform/configuration', ({ marketplace }) => renderConfiguration(marketplace));
  get('reasons', renderReasons);
  get('channels', ({ marketplace }) => renderChannels(marketplace));
  get('returns', ({ marketplace, raw }) => listReturns(marketplace, raw));
  get('sellerpayment/transactions_logs', ({ marketplace, raw }) => listTransactions(marketplace, raw));
  route('GET', 'orders', (call) => listOrders(state.faults, call));
  route('POST', exportsPath, ({ marketplace, body, nowMs }) => ({
    body: { tracking_id: state.exports.create(marketplace, body, nowMs) },
  }));
  get(`${exportsPath}/status/:tracking`, ({ marketplace, tracking, url, nowMs }) => {
    const files = new URL(`/mirakl/${marketplace.profile.id}/api/${exportsPath}/file`, url).href;
    return state.exports.status(marketplace, tracking, files, nowMs);
  });
  route('GET', `${exportsPath}/file/:tracking`, ({ marketplace, tracking, query }) => {
    const chunk = state.exports.chunk(marketplace, tracking, query['file']);
    return { body: Readable.from(orderTexts(marketplace, chunk.orders, chunk.query)) };
  });
}

function setUp(app: FastifyInstance, state: SandboxState): void {
  applyFaults(app, {
    table: () => state.faults,
    locate: (request) => {
      const [, , id = '', ...rest] = (request.url.split('?')[0] ?? '').split('/');
      return { target: `mirakl:${id}`, path: `/${rest.join('/')}` };
    },
    errorBody: (status) => JSON.stringify({ status, message: 'Internal error' }),
    contentType: 'application/json',
  });
  app.setErrorHandler(async (error, _request, reply) => {
    if (!(error instanceof MiraklRefusal)) throw error;
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
    return reply.code(error.status).send({ status: error.status, message: error.message });
  });
  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send({ status: 404, message: 'Not found' }),
  );
}

async function serve(
  state: SandboxState,
  request: MiraklRequest,
  reply: FastifyReply,
  answer: (call: MiraklCall) => MiraklAnswer,
): Promise<FastifyReply> {
  const nowMs = state.clock.now();
  reply.header('date', new Date(nowMs).toUTCString());
  const query = flatQuery(request.query);
  const marketplace = authorised(state, request, query);
  state.meter.count(marketplace.profile, nowMs);
  state.tick();
  const { body, headers = {} } = answer({
    marketplace,
    raw: request.query,
    query,
    url: new URL(request.url, `http://${request.headers.host ?? '127.0.0.1'}`),
    tracking: request.params.tracking ?? '',
    body: readBody(request.body),
    nowMs,
  });
  reply.headers(headers).type('application/json;charset=UTF-8');
  return reply.send(typeof body === 'string' || body instanceof Readable ? body : JSON.stringify(body));
}

/** Throws `MiraklRefusal`: 404 for an unknown instance, 401 for a wrong key, 403 for a shop of somebody else. */
function authorised(state: SandboxState, request: MiraklRequest, query: Query): Marketplace {
  const marketplace = state.marketplaces.get(request.params.marketplace);
  if (!marketplace) throw new MiraklRefusal(404, 'Not found');
  if (request.headers.authorization !== marketplace.profile.apiKey)
    throw new MiraklRefusal(401, 'Unauthorized');
  const shopId = query['shop_id'] ?? '';
  if (shopId !== '' && shopId !== String(marketplace.profile.shopId)) {
    throw new MiraklRefusal(403, 'You are not allowed to use this shop');
  }
  return marketplace;
}

function readBody(body: unknown): Json {
  if (typeof body !== 'string' || body === '') return null;
  try {
    return parseJson(body);
  } catch (error) {
    if (error instanceof SyntaxError) throw new MiraklRefusal(400, 'The body is not valid JSON');
    throw error;
  }
}
