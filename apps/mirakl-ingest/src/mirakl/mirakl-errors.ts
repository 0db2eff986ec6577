import { RetryableError } from '@watertight/service';

/**
 * Why a call to a marketplace failed. All of them can pass, some by themselves and some when a person acts, so every
 * one is tried again; none of them stops the service or another marketplace.
 */
export type MiraklErrorKind =
  /** 401 or 403. */
  | 'unauthorised'
  /** 429. */
  | 'rate_limited'
  /** 5xx, connection refused, reset, time-out. */
  | 'unavailable'
  /** A body that is not what was asked for: HTML, half a JSON, another shape. */
  | 'unreadable_answer'
  /** Any other answer that is not 2xx: the address or the parameters are wrong. */
  | 'rejected'
  /** The marketplace is set up otherwise than a person confirmed: it is not read until that is settled. */
  | 'settings_changed';

/** The message names the marketplace and what to do; it holds neither keys nor content of the answer. */
export class MiraklError extends RetryableError {
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;

  constructor(
    readonly kind: MiraklErrorKind,
    message: string,
    options: { retryAfterMs?: number; cause?: unknown; status?: number } = {},
  ) {
    super(message, options);
    this.status = options.status;
  }

  /** May the same call succeed within seconds? */
  get isPassing(): boolean {
    return this.kind === 'rate_limited' || this.kind === 'unavailable' || this.kind === 'unreadable_answer';
  }
}

/** The error for an answer that is not 2xx. */
export function errorOfStatus(marketplaceId: string, status: number, retryAfterMs?: number): MiraklError {
  const waiting = { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (status === 401 || status === 403) {
    const message = `${marketplaceId}: Mirakl refused the API key (HTTP ${status}); check apiKey and shopId in marketplaces.yaml`;
    return new MiraklError('unauthorised', message, { status });
  }
  if (status === 429) {
    return new MiraklError('rate_limited', `${marketplaceId}: Mirakl asks to wait (HTTP 429)`, waiting);
  }
  if (status >= 500) {
    return new MiraklError('unavailable', `${marketplaceId}: Mirakl has a problem (HTTP ${status})`, waiting);
  }
  const message = `${marketplaceId}: Mirakl refused the call (HTTP ${status}); check baseUrl and shopId in marketplaces.yaml`;
  return new MiraklError('rejected', message, { status });
}

const MAX_RETRY_AFTER_MS = 60 * 60_000;

/** `Retry-After` in seconds or as a date; never more than an hour, and undefined when it says nothing usable. */
export function readRetryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const text = header.trim();
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime();
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS);
}
