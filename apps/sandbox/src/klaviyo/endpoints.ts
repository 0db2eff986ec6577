import type { Json } from '../http/json.ts';
import type { SandboxState } from '../sandbox-state.ts';
import { assetEndpoints } from './assets/asset-endpoints.ts';
import { acceptBulk, acceptSingle, type Acceptance } from './accept-events.ts';
import { eraseProfile } from './erase-profile.ts';
import { forbiddenEndpoints } from './forbidden-endpoints.ts';
import { importProfile } from './import-profile.ts';
import { listEvents, type Asked } from './list-events.ts';
import { listAccounts, listMetrics } from './list-metrics.ts';
import { getProfile, listProfiles } from './list-profiles.ts';
import { aggregateMetric } from './metric-aggregates.ts';
import { tiers, type QuotaTier } from './quota.ts';
import type { Revision } from './revision.ts';

/** A call that passed key, revision and quota. */
export interface Call {
  readonly body: Json;
  readonly bytes: number;
  readonly asked: Asked;
  readonly nowMs: number;
  readonly revision: Revision;
  readonly id: string;
  readonly path: string;
}

export interface Answer {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly tier: QuotaTier;
  readonly scopes: readonly string[];
  readonly answer: (call: Call) => Answer;
}

const { xs, s, m, l, xl } = tiers;

const accountFacts = { currency: 'EUR', timezone: 'Europe/Paris' };

/** Every endpoint that the double plays, those included that nobody should call. */
export function endpointsOf(state: SandboxState): readonly Endpoint[] {
  return [
    ...eventEndpoints(state),
    ...profileEndpoints(state),
    ...metricEndpoints(state),
    ...assetEndpoints(() => state.klaviyo.assets),
    ...forbidden(),
  ];
}

function eventEndpoints(state: SandboxState): readonly Endpoint[] {
  const acceptance = (call: Call): Acceptance => ({
    account: state.klaviyo,
    nowMs: call.nowMs,
    readsBackfill: call.revision.readsBackfill,
    isLost: () => state.faults.strikeKind('klaviyo', 'accept-then-lose', call.path),
  });
  return [
    post('/api/events', xl, 'events:write', (call) => ({
      status: 202,
      headers: acceptSingle(call.body, acceptance(call)),
    })),
    post('/api/event-bulk-create-jobs', m, 'events:write', (call) => ({
      status: 202,
      headers: acceptBulk(call.body, acceptance(call)),
    })),
    get('/api/events', xl, 'events:read', (call) => listEvents(state.klaviyo, call.asked)),
  ];
}

function profileEndpoints(state: SandboxState): readonly Endpoint[] {
  return [
    post('/api/profile-import', l, 'profiles:write', (call) => importProfile(state.klaviyo, call)),
    get('/api/profiles', l, 'profiles:read', (call) => listProfiles(state.klaviyo, call.asked, call.nowMs)),
    get('/api/profiles/:id', l, 'profiles:read', (call) =>
      getProfile(state.klaviyo, call.id, call.asked, call.nowMs),
    ),
    post('/api/data-privacy-deletion-jobs', s, 'data-privacy:write', (call) => {
      eraseProfile(state.klaviyo, call.body, call.nowMs);
      return { status: 202 };
    }),
  ];
}

function metricEndpoints(state: SandboxState): readonly Endpoint[] {
  return [
    get('/api/metrics', m, 'metrics:read', (call) => listMetrics(state.klaviyo, call.asked)),
    get('/api/accounts', xs, 'accounts:read', (call) => listAccounts(accountFacts, call.asked)),
    post('/api/metric-aggregates', s, 'metrics:read', (call) => ({
      status: 200,
      body: aggregateMetric(state.klaviyo, call.body, call.asked),
    })),
  ];
}

function get(path: string, tier: QuotaTier, scope: string, find: (call: Call) => Json): Endpoint {
  return {
    method: 'GET',
    path,
    tier,
    scopes: [scope],
    answer: (call) => ({ status: 200, body: find(call) }),
  };
}

function post(path: string, tier: QuotaTier, scope: string, answer: (call: Call) => Answer): Endpoint {
  return { method: 'POST', path, tier, scopes: [scope], answer };
}

/** Endpoints that change consent, suppression or lists: answered as Klaviyo answers, and held against the caller. */
function forbidden(): readonly Endpoint[] {
  return forbiddenEndpoints.map(({ method, path, scopes, status }) => ({
    method,
    path,
    scopes,
    tier: l,
    answer: () => ({ status }),
  }));
}
