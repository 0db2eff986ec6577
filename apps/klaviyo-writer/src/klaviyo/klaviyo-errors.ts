import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

/** One entry of Klaviyo's error document, with what may be written of it. */
export interface KlaviyoProblem {
  readonly code: string;
  readonly detail: string;
  /** JSON pointer into the request; null when Klaviyo names none. */
  readonly pointer: string | null;
  /** Of a 409: the other profile that has one of the identifiers. */
  readonly duplicateProfileId: string | null;
}

/** What came of a call that did not succeed. */
export type KlaviyoFailure =
  /** The quota is used up; nothing was stored. */
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  /** The request was refused as invalid; nothing of it was stored. */
  | { readonly kind: 'rejected'; readonly status: number; readonly problems: readonly KlaviyoProblem[] }
  /** The key, its scopes, the address or the revision is wrong: nothing will work until a person acts. */
  | { readonly kind: 'misconfigured'; readonly status: number; readonly message: string }
  /** No answer, or an answer that says nothing. `mayHaveLeft`: Klaviyo may have stored it all the same. */
  | { readonly kind: 'unavailable'; readonly message: string; readonly mayHaveLeft: boolean };

/** A call to Klaviyo that failed. It holds neither headers nor body, so it may be logged. */
export class KlaviyoCallError extends Error {
  override readonly name = 'KlaviyoCallError';
  constructor(readonly failure: KlaviyoFailure) {
    super(describeFailure(failure));
  }
}

export function describeFailure(failure: KlaviyoFailure): string {
  switch (failure.kind) {
    case 'throttled':
      return `Klaviyo's quota is used up; it asks to wait ${Math.ceil(failure.retryAfterMs / 1_000)} s`;
    case 'rejected':
      return `Klaviyo refused the request (${failure.status}): ${failure.problems.map(describeProblem).join('; ').slice(0, DETAIL_MAX_LENGTH)}`;
    case 'misconfigured':
    case 'unavailable':
      return failure.message;
  }
}

export function describeProblem({ code, detail, pointer, duplicateProfileId }: KlaviyoProblem): string {
  const other = duplicateProfileId === null ? '' : `; the other profile is ${duplicateProfileId}`;
  return `${code}: ${detail}${pointer === null ? '' : ` (${pointer})`}${other}`;
}

const DETAIL_MAX_LENGTH = 500;
/** Klaviyo says nothing of how long to wait: one burst window and a little. */
const RETRY_AFTER_DEFAULT_MS = 1_000;
const RETRY_AFTER_MAX_MS = 60 * 60_000;

const ErrorDocument = Type.Object({
  errors: Type.Array(
    Type.Object({
      code: Type.Optional(Type.String()),
      detail: Type.Optional(Type.String()),
      title: Type.Optional(Type.String()),
      source: Type.Optional(
        Type.Union([Type.Object({ pointer: Type.Optional(Type.String()) }), Type.Null()]),
      ),
      meta: Type.Optional(
        Type.Union([Type.Object({ duplicate_profile_id: Type.Optional(Type.String()) }), Type.Null()]),
      ),
    }),
  ),
});

/** Klaviyo documents 400 for a missing or invalid key, beside 401. */
const keyCodes = new Set(['not_authenticated', 'authentication_failed', 'permission_denied']);

/** Sorts an answer that is no success. `retryAfter` is the header of that name, `body` the parsed body. */
export function classifyAnswer(status: number, retryAfter: string | null, body: unknown): KlaviyoFailure {
  const problems = problemsOf(body);
  const said = problems.length === 0 ? '' : `: ${describeProblem(problems[0] ?? unsaid)}`;
  if (status === 429) return { kind: 'throttled', retryAfterMs: retryAfterMs(retryAfter) };
  if (
    status === 401 ||
    status === 403 ||
    (status === 400 && problems.some(({ code }) => keyCodes.has(code)))
  ) {
    const message = `Klaviyo does not accept the key (${status}${said}). Check KLAVIYO_API_KEY and its scopes.`;
    return { kind: 'misconfigured', status, message };
  }
  if (status === 410) {
    const message = `Klaviyo has retired the API revision (410${said}). Upgrade this service.`;
    return { kind: 'misconfigured', status, message };
  }
  // 413 and 422 are about this request. 404, 405, 406, 415 and redirects are about how we ask, whatever we send.
  if (status === 400 || status === 409 || status === 413 || status === 422) {
    return { kind: 'rejected', status, problems };
  }
  if (status === 408 || status >= 500) {
    return { kind: 'unavailable', message: `Klaviyo answered ${status}${said}`, mayHaveLeft: true };
  }
  const message = `Klaviyo answered ${status}${said}. Check KLAVIYO_BASE_URL, and whether this service needs an upgrade.`;
  return { kind: 'misconfigured', status, message };
}

/** Failures that happen before a byte of the request has left. */
const notSentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Sorts a call without an answer, by the code of the network error. */
export function classifyNetworkError(code: string | undefined): KlaviyoFailure {
  const mayHaveLeft = code === undefined || !notSentCodes.has(code);
  // We gave up ourselves: the call took longer than it may, or the service stops.
  const why = code === 'ERR_CANCELED' ? 'not within KLAVIYO_TIMEOUT' : (code ?? 'no code');
  return { kind: 'unavailable', message: `Klaviyo does not answer (${why})`, mayHaveLeft };
}

/** A success whose body cannot be read. */
export function unreadableAnswer(status: number): KlaviyoFailure {
  const message = `Klaviyo answered ${status} with a body that cannot be read`;
  return { kind: 'unavailable', message, mayHaveLeft: true };
}

const unsaid: KlaviyoProblem = { code: 'unknown', detail: '', pointer: null, duplicateProfileId: null };

function problemsOf(body: unknown): readonly KlaviyoProblem[] {
  if (!Value.Check(ErrorDocument, body)) return [];
  const document: Static<typeof ErrorDocument> = body;
  return document.errors.map(({ code, detail, title, source, meta }) => ({
    code: code ?? 'unknown',
    detail: maskText(detail ?? title ?? '').slice(0, DETAIL_MAX_LENGTH),
    pointer: source?.pointer ?? null,
    duplicateProfileId: meta?.duplicate_profile_id ?? null,
  }));
}

/** Klaviyo repeats the value that it refuses: an address or a number has no place in an outcome. */
function maskText(text: string): string {
  return (
    text
      .replace(/[^\s"'<>()[\]]+@[^\s"'<>()[\]]+/g, '[email]')
      .replace(/\+?\d[\d\s().-]{7,}\d/g, '[number]')
      // Control characters cannot be stored.
      .replace(/\p{Cc}/gu, ' ')
      .toWellFormed()
  );
}

function retryAfterMs(header: string | null): number {
  const seconds = header !== null && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
  if (seconds === undefined) return RETRY_AFTER_DEFAULT_MS;
  // The server counts in whole seconds, so 0 means "within this second".
  return Math.min(RETRY_AFTER_MAX_MS, Math.max(1, seconds) * 1_000);
}
