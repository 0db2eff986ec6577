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
} as const satisfies Readonly<Record<string, AllowedCall>>;

export type CallName = keyof typeof ALLOWED_CALLS;

/** Something tried to make a call that is not on the list: a bug, so the service stops loudly. */
export class ForbiddenCallError extends Error {
  override readonly name = 'ForbiddenCallError';
}

/**
 * The name of the call, or ForbiddenCallError. The address must begin with the base URL, and what follows must be a
 * listed path as it stands: no trailing slash, no `..`, nothing encoded.
 */
export function assertAllowed(method: string, address: string, baseUrl: string): CallName {
  const asked = URL.parse(address);
  const base = URL.parse(baseUrl);
  if (asked !== null && base !== null && asked.origin === base.origin) {
    const prefix = base.pathname.replace(/\/$/, '');
    const path = asked.pathname.startsWith(prefix) ? asked.pathname.slice(prefix.length) : undefined;
    const found = callNames.find(
      (name) => ALLOWED_CALLS[name].method === method.toUpperCase() && ALLOWED_CALLS[name].path === path,
    );
    if (found !== undefined) return found;
  }
  // Without the query: it may name a person.
  const shown = asked === null ? 'an address that is none' : `${asked.origin}${asked.pathname}`;
  throw new ForbiddenCallError(
    `${method.toUpperCase()} ${shown} is not among the calls this service may make`,
  );
}

const callNames: readonly CallName[] = [
  'createEvent',
  'bulkCreateEvents',
  'listEvents',
  'listMetrics',
  'listProfiles',
];
