import { type ReasonCode } from '@watertight/contracts';

/**
 * An attempt failed for a reason that can pass: an outage, a full quota, a deadlock.
 * Whoever catches it tries the same work again and never diverts it to a dead letter.
 */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
  /** How long the other side asked us to wait, in milliseconds, where it said so. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** This one piece of work cannot succeed unchanged. The reason code says why; the rest goes on. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
  readonly reason: ReasonCode;

  constructor(reason: ReasonCode, message: string, options: { cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.reason = reason;
  }
}

/**
 * The service was started with settings it cannot work with. It carries every problem at once, each a
 * sentence for the person who deploys. Values of secrets never appear in a problem.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
