import { KlaviyoRefusal } from './klaviyo-errors.ts';

/** `full`: every scope, as a full key has. */
export type KeyScopes = 'full' | readonly string[];

/** Private keys of the account. Only `pk_sandbox` is full; the others show what a narrow key meets. */
export const defaultKeys: ReadonlyMap<string, KeyScopes> = new Map<string, KeyScopes>([
  ['pk_sandbox', 'full'],
  ['pk_sandbox_narrow', ['events:write', 'events:read', 'profiles:write', 'profiles:read', 'metrics:read']],
  ['pk_sandbox_privacy', ['data-privacy:write']],
]);

const scheme = 'Klaviyo-API-Key ';

/** Throws `KlaviyoRefusal`: 401 for a missing or wrong key, 403 when it lacks a scope. */
export function checkKey(
  keys: ReadonlyMap<string, KeyScopes>,
  authorization: string | undefined,
  needed: readonly string[],
): void {
  if (authorization === undefined || !authorization.startsWith(scheme)) {
    throw refused(401, 'not_authenticated', 'Authentication credentials were not provided.');
  }
  const scopes = keys.get(authorization.slice(scheme.length));
  if (scopes === undefined)
    throw refused(401, 'authentication_failed', 'Incorrect authentication credentials.');
  const missing = scopes === 'full' ? [] : needed.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0) {
    throw refused(403, 'permission_denied', `The API key is missing these scopes: ${missing.join(', ')}.`);
  }
}

function refused(status: 401 | 403, code: string, detail: string): KlaviyoRefusal {
  const title = status === 401 ? 'Authentication failed.' : 'Permission denied.';
  return new KlaviyoRefusal(status, [{ code, title, detail, source: { header: 'Authorization' } }]);
}
