import type { FastifyInstance, FastifyRequest } from 'fastify';
import { applyFaults } from '../faults/apply-faults.ts';
import type { SandboxState } from '../sandbox-state.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import type { StoredOrder } from '../trade/trade-order.ts';
import { readOrderQuery, selectOrders, type OrderQuery, type Query } from './list-orders.ts';
import { MiraklRefusal } from './mirakl-errors.ts';
import { renderAccount, renderChannels, renderConfiguration, renderReasons } from './render-platform.ts';
import { renderOrder } from './render-order.ts';
import { listReturns } from './list-returns.ts';
import { CallMeter } from './call-meter.ts';
import { shiftPages } from './shift-pages.ts';

interface Params {
  readonly marketplace: string;
}

type MarketplaceRequest = FastifyRequest<{ Params: Params; Querystring: Query }>;

/** The seller API of every marketplace, below `/mirakl/<marketplace>`. */
export function miraklRoutes(app: FastifyInstance, state: SandboxState): void {
  const meter = new CallMeter();
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

  const route = (
    path: string,
    answer: (marketplace: Marketplace, request: MarketplaceRequest) => unknown,
  ): void => {
    app.get<{ Params: Params; Querystring: Query }>(`/:marketplace/api/${path}`, async (request, reply) => {
      const nowMs = state.clock.now();
      reply.header('date', new Date(nowMs).toUTCString());
      const marketplace = authorised(state, request);
      meter.count(marketplace.profile, nowMs);
      return reply.type('application/json;charset=UTF-8').send(answer(marketplace, request));
    });
  };
  app.get<{ Params: Params; Querystring: Query }>('/:marketplace/api/orders', async (request, reply) => {
    const nowMs = state.clock.now();
    reply.header('date', new Date(nowMs).toUTCString());
    const marketplace = authorised(state, request);
    meter.count(marketplace.profile, nowMs);
    state.tick();
    const query = readOrderQuery(request.query);
    const found = selectOrders(marketplace, query);
    const link = linkHeader(request, query, found.length);
    if (link !== '') reply.header('link', link);
    const body = ordersBody(marketplace, found, query);
    if (state.faults.strikeKind(`mirakl:${marketplace.profile.id}`, 'page-shift', '/api/orders')) {
      shiftPages(marketplace, found, query, nowMs);
    }
    return reply.type('application/json;charset=UTF-8').send(body);
  });
  route('version', () => ({ version: '3.999.0' }));
  route('account', renderAccount);
  route('platform/configuration', renderConfiguration);
  route('reasons', renderReasons);
  route('channels', renderChannels);
  route('returns', (marketplace, request) => listReturns(marketplace, request.query));
}

/** Throws `MiraklRefusal`: 404 for an unknown instance, 401 for a wrong key, 403 for a shop of somebody else. */
function authorised(state: SandboxState, request: MarketplaceRequest): Marketplace {
  const marketplace = state.marketplaces.get(request.params.marketplace);
  if (!marketplace) throw new MiraklRefusal(404, 'Not found');
  if (request.headers.authorization !== marketplace.profile.apiKey)
    throw new MiraklRefusal(401, 'Unauthorized');
  const shopId = request.query['shop_id'];
  if (shopId !== undefined && shopId !== '' && shopId !== String(marketplace.profile.shopId)) {
    throw new MiraklRefusal(403, 'You are not allowed to use this shop');
  }
  return marketplace;
}

/** Built as text, so that an order a test put there goes out letter by letter. */
function ordersBody(marketplace: Marketplace, found: readonly StoredOrder[], query: OrderQuery): string {
  const page = found.slice(query.offset, query.offset + query.max);
  const texts = page.map((order) => orderText(marketplace, order, query));
  return `{"orders":[${texts.join(',')}],"total_count":${found.length}}`;
}

export function orderText(
  marketplace: Marketplace,
  order: StoredOrder,
  query: Pick<OrderQuery, 'shownTaxMode'>,
): string {
  if (order.kind === 'raw') return order.text;
  return JSON.stringify(renderOrder(marketplace, order, query.shownTaxMode ?? marketplace.profile.taxMode));
}

function linkHeader(request: MarketplaceRequest, query: OrderQuery, total: number): string {
  const url = (offset: number): string => {
    const target = new URL(`http://${request.headers.host ?? '127.0.0.1'}${request.url}`);
    target.searchParams.set('max', String(query.max));
    target.searchParams.set('offset', String(offset));
    return target.href;
  };
  const links: string[] = [];
  if (query.offset > 0) links.push(`<${url(Math.max(0, query.offset - query.max))}>; rel="previous"`);
  if (query.offset + query.max < total) links.push(`<${url(query.offset + query.max)}>; rel="next"`);
  return links.join(', ');
}
