import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { memberText, splitJsonArray } from '../http/split-json-array.ts';
import { memberAt, parseJson } from '../http/json.ts';
import { rawOrder } from '../mirakl/raw-orders.ts';
import type { SandboxState } from '../sandbox-state.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import { plainMarketplace, type MarketplaceProfile } from '../trade/marketplace-profile.ts';
import { changeOrder, closeNight, OrderChange } from './change-order.ts';
import { ControlRefusal } from './control-refusal.ts';
import {
  ClockBody,
  ConnectBody,
  ConsentBody,
  FaultBody,
  ForeignMetricBody,
  KlaviyoBody,
  LiveBody,
  MarketplaceBody,
  MarketplaceChange,
} from './control-schemas.ts';
import { eventsTruth, setConsent } from './klaviyo-truth.ts';
import { readBody } from './read-body.ts';
import { ordersTruth, truth } from './truth.ts';

const readFault = Compile(FaultBody);
const readLive = Compile(LiveBody);
const readMarketplace = Compile(MarketplaceBody);
const readMarketplaceChange = Compile(MarketplaceChange);
const readOrderChange = Compile(OrderChange);
const readKlaviyo = Compile(KlaviyoBody);
const readConnect = Compile(ConnectBody);
const readConsent = Compile(ConsentBody);
const readForeignMetric = Compile(ForeignMetricBody);
const readClock = Compile(ClockBody);

type Text = Readonly<Record<string, string | undefined>>;
type ControlRequest = FastifyRequest<{ Querystring: Text; Params: Text }>;

/** What tests and the demo use to see the truth and to make things happen, below `/sandbox`. */
export function controlRoutes(app: FastifyInstance, state: SandboxState): void {
  app.setErrorHandler(async (error, _request, reply) => {
    if (!(error instanceof ControlRefusal)) throw error;
    return reply.code(error.status).send({ message: error.message });
  });
  const route = (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    act: (request: ControlRequest) => unknown,
  ): void => {
    app.route<{ Querystring: Text; Params: Text }>({
      method,
      url,
      handler: async (request) => {
        state.tick();
        return act(request) ?? { ok: true };
      },
    });
  };
  route('GET', '/truth', (request) => truth(state, spanOf(request)));
  route('POST', '/reset', () => state.reset());
  route('POST', '/clock', (request) => {
    state.skip(readBody(readClock, request.body).skipMs);
    return { now: new Date(state.clock.now()).toISOString() };
  });
  route('POST', '/live', (request) => {
    const { frozen = false, ...pace } = readBody(readLive, request.body);
    state.trade.setPace(pace, frozen);
    return state.trade.state;
  });
  route('POST', '/faults', (request) => addFault(state, request));
  route('GET', '/faults', () => state.faults.list);
  route('DELETE', '/faults', () => state.faults.clear());
  miraklControl(route, state);
  klaviyoControl(route, state);
}

type Route = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  act: (request: ControlRequest) => unknown,
) => void;

function miraklControl(route: Route, state: SandboxState): void {
  route('POST', '/mirakl', (request) => {
    const body = readBody(readMarketplace, request.body);
    const past = { orders: body.historyOrders ?? 0, days: body.historyDays ?? 365 };
    const profile = profileOf(body);
    state.addMarketplace(profile, past);
    return { id: profile.id, key: profile.apiKey, shopId: profile.shopId };
  });
  route('PATCH', '/mirakl/:marketplace', (request) => {
    const { key, ...change } = readBody(readMarketplaceChange, request.body);
    const marketplace = marketplaceOf(state, request);
    marketplace.profile = {
      ...marketplace.profile,
      ...change,
      ...(key === undefined ? {} : { apiKey: key }),
    };
  });
  route('GET', '/mirakl/:marketplace/orders', (request) => {
    const marketplace = marketplaceOf(state, request);
    const { id, state: wanted } = request.query;
    const found =
      id === undefined ? marketplace.orders : [marketplace.find(id)].flatMap((order) => order ?? []);
    const shown = wanted === undefined ? found : found.filter((order) => order.state === wanted);
    return ordersTruth(marketplace, shown);
  });
  route('POST', '/mirakl/:marketplace/orders', (request) => putRawOrders(state, request));
  route('POST', '/mirakl/:marketplace/close-night', (request) => ({
    closed: closeNight(marketplaceOf(state, request), state.clock.now()),
  }));
  route('POST', '/mirakl/:marketplace/orders/:order/advance', (request) => {
    const change = readBody(readOrderChange, request.body);
    const marketplace = marketplaceOf(state, request);
    const orderId = request.params['order'] ?? '';
    changeOrder(marketplace, orderId, change, state.clock.now());
    return ordersTruth(
      marketplace,
      [marketplace.find(orderId)].flatMap((order) => order ?? []),
    );
  });
}

function klaviyoControl(route: Route, state: SandboxState): void {
  route('GET', '/klaviyo/events', (request) => eventsTruth(state, request.query));
  route('POST', '/connect', (request) => {
    const { tokenSeconds = state.connect.tokenSeconds } = readBody(readConnect, request.body);
    state.connect.tokenSeconds = tokenSeconds;
    return { tokenSeconds };
  });
  route('POST', '/klaviyo', (request) => {
    const { keys, ...settings } = readBody(readKlaviyo, request.body);
    state.klaviyo.settings = { ...state.klaviyo.settings, ...settings };
    if (keys) state.klaviyoKeys = new Map([...state.klaviyoKeys, ...Object.entries(keys)]);
    return state.klaviyo.settings;
  });
  route('POST', '/klaviyo/metrics', (request) => {
    const { name, integration } = readBody(readForeignMetric, request.body);
    state.klaviyo.metrics.addForeign(name, integration, state.clock.now());
    return state.klaviyo.metrics.foreign;
  });
  route('POST', '/klaviyo/profiles', (request) => setConsent(state, readBody(readConsent, request.body)));
}

function addFault(state: SandboxState, request: ControlRequest): unknown {
  const fault = readBody(readFault, request.body);
  const {
    status = 500,
    retryAfter = null,
    delayMs = 1000,
    times = null,
    ratio = 1,
    pathPrefix = '',
    method = null,
  } = fault;
  state.faults.add({
    target: fault.target,
    kind: fault.kind,
    status,
    retryAfter,
    delayMs,
    times,
    ratio,
    pathPrefix,
    method,
  });
  return state.faults.list;
}

function marketplaceOf(state: SandboxState, request: ControlRequest): Marketplace {
  const id = request.params['marketplace'] ?? '';
  const marketplace = state.marketplaces.get(id);
  if (!marketplace) throw new ControlRefusal(404, `there is no marketplace ${id}`);
  return marketplace;
}

function profileOf(body: MarketplaceBody): MarketplaceProfile {
  const {
    id,
    name = id,
    key = `sandbox-${id}-key`,
    contact,
    historyOrders: _orders,
    historyDays: _days,
    ...rest
  } = body;
  const nobody = { direct: 0, relay: 0, absent: 0, empty: 0, malformed: 0, placeholder: 0 };
  return {
    ...plainMarketplace,
    ...rest,
    id,
    name,
    apiKey: key,
    connectChannelId: `ch-${id}`,
    orderIdPrefix: `${id.toUpperCase().replaceAll('-', '')}`,
    contact: contact === undefined ? plainMarketplace.contact : { ...nobody, ...contact },
  };
}

/**
 * Puts orders there as they are: an array of orders, an OR11 answer, or one order. `?updated=now` lets them be found
 * as changed just now, `?hidden=true` hides them from every search by update date.
 */
function putRawOrders(state: SandboxState, request: ControlRequest): unknown {
  const marketplace = marketplaceOf(state, request);
  const options = {
    nowMs: state.clock.now(),
    updatedNow: request.query['updated'] === 'now',
    hidden: request.query['hidden'] === 'true',
  };
  const put = rawTexts(request.body).map((text) => {
    const order = rawOrder(text, { ...options, sequence: marketplace.nextSequence() });
    marketplace.put(order);
    return order.orderId;
  });
  return { orderIds: put };
}

function rawTexts(body: unknown): readonly string[] {
  const text = typeof body === 'string' ? body.trim() : '';
  try {
    const value = parseJson(text);
    if (Array.isArray(value)) return splitJsonArray(text);
    return memberAt(value, 'orders') === undefined
      ? [text]
      : splitJsonArray(memberText(text, 'orders') ?? '');
  } catch (error) {
    if (error instanceof SyntaxError) throw new ControlRefusal(400, 'the body is not JSON');
    throw error;
  }
}

function spanOf(request: ControlRequest): { readonly fromMs: number; readonly toMs: number } {
  const read = (name: string, fallback: number): number => {
    const text = request.query[name];
    if (text === undefined) return fallback;
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) throw new ControlRefusal(400, `${name} is not a date`);
    return ms;
  };
  return { fromMs: read('from', Number.NEGATIVE_INFINITY), toMs: read('to', Number.POSITIVE_INFINITY) };
}
