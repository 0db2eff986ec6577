interface ForbiddenEndpoint {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly scopes: readonly string[];
  readonly status: 200 | 201 | 202 | 204;
}

const consent = ['subscriptions:write'];
const lists = ['lists:write'];

/** Every endpoint that sets or lifts consent or suppression, or changes who is on a list. */
export const forbiddenEndpoints: readonly ForbiddenEndpoint[] = [
  { method: 'POST', path: '/api/profile-subscription-bulk-create-jobs', scopes: consent, status: 202 },
  { method: 'POST', path: '/api/profile-subscription-bulk-delete-jobs', scopes: consent, status: 202 },
  { method: 'POST', path: '/api/profile-suppression-bulk-create-jobs', scopes: consent, status: 202 },
  { method: 'POST', path: '/api/profile-suppression-bulk-delete-jobs', scopes: consent, status: 202 },
  { method: 'POST', path: '/api/lists/:id/relationships/profiles', scopes: lists, status: 204 },
  { method: 'DELETE', path: '/api/lists/:id/relationships/profiles', scopes: lists, status: 204 },
  { method: 'POST', path: '/api/lists', scopes: lists, status: 201 },
  { method: 'PATCH', path: '/api/lists/:id', scopes: lists, status: 200 },
  { method: 'DELETE', path: '/api/lists/:id', scopes: lists, status: 204 },
  {
    method: 'POST',
    path: '/api/profile-bulk-import-jobs',
    scopes: ['lists:write', 'profiles:write'],
    status: 202,
  },
  { method: 'POST', path: '/api/push-tokens', scopes: ['push-tokens:write'], status: 202 },
  { method: 'POST', path: '/api/back-in-stock-subscriptions', scopes: ['catalogs:write'], status: 202 },
  { method: 'POST', path: '/client/subscriptions', scopes: [], status: 202 },
  { method: 'POST', path: '/client/push-tokens', scopes: [], status: 202 },
  { method: 'POST', path: '/client/back-in-stock-subscriptions', scopes: [], status: 202 },
];
