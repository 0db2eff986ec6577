export interface AllowedCall {
  readonly method: 'GET' | 'POST';
  /** The path, exactly: none of the calls that we make has an id in it. */
  readonly path: string;
  /** The scope that the API key needs for it. */
  readonly scope: string;
}

/**
 * Every call that this service can make. What changes consent, suppression or a list is not here, and what is not here
 * cannot leave: marketing consent belongs to Klaviyo, and a purchase never changes it.
 */
export const ALLOWED_CALLS = {
  createEvent: { method: 'POST', path: '/api/events', scope: 'events:write' },
  bulkCreateEvents: { method: 'POST', path: '/api/event-bulk-create-jobs', scope: 'events:write' },
  listEvents: { method: 'GET', path: '/api/events', scope: 'events:read' },
  listMetrics: { method: 'GET', path: '/api/metrics', scope: 'metrics:read' },
  listProfiles: { method: 'GET', path: '/api/profiles', scope: 'profiles:read' },
  // A profile that changed with no event; it sets no consent (there is no such field in the request).
  upsertProfile: { method: 'POST', path: '/api/profile-import', scope: 'profiles:write' },
  aggregateMetric: { method: 'POST', path: '/api/metric-aggregates', scope: 'metrics:read' },
  readAccount: { method: 'GET', path: '/api/accounts', scope: 'accounts:read' },
} as const satisfies Readonly<Record<string, AllowedCall>>;

/** Delivery does without it: a key that lacks its scope is no reason to stop. */
export const OPTIONAL_CALL: keyof typeof ALLOWED_CALLS = 'readAccount';

/** The one call of the other key. */
export const PRIVACY_CALLS = {
  eraseProfile: { method: 'POST', path: '/api/data-privacy-deletion-jobs', scope: 'data-privacy:write' },
} as const satisfies Readonly<Record<string, AllowedCall>>;

/** Which list holds for a key. */
export type CallList = 'delivery' | 'privacy';

/** Something tried to make a call that is not on the list: a bug, so the service stops loudly. */
export class ForbiddenCallError extends Error {
  override readonly name = 'ForbiddenCallError';
}

/**
 * The name of the call, or ForbiddenCallError. The address must begin with the base URL, and what follows must be a
 * listed path as it stands: no trailing slash, no `..`, nothing encoded.
 */
export function assertAllowed(
  method: string,
  address: string,
  baseUrl: string,
  list: CallList = 'delivery',
): string {
  const asked = URL.parse(address);
  const base = URL.parse(baseUrl);
  if (asked !== null && base !== null && asked.origin === base.origin) {
    const prefix = base.pathname.replace(/\/$/, '');
    const path = asked.pathname.startsWith(prefix) ? asked.pathname.slice(prefix.length) : undefined;
    const calls: Readonly<Record<string, AllowedCall>> = list === 'delivery' ? ALLOWED_CALLS : PRIVACY_CALLS;
    const found = Object.entries(calls).find(
      ([, call]) => call.method === method.toUpperCase() && call.path === path,
    );
    if (found !== undefined) return found[0];
  }
  // Without the query: it may name a person.
  const shown = asked === null ? 'an address that is none' : `${asked.origin}${asked.pathname}`;
  throw new ForbiddenCallError(
    `${method.toUpperCase()} ${shown} is not among the calls this service may make`,
  );
}
