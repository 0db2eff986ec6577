import { type Clock, type Logger, RetryableError } from '@watertight/service';
import type { ReadBalance } from '../balance/read-balance.ts';
import type { ExceptionsStore } from '../exceptions/exceptions.store.ts';
import type { Balance } from '../balance/balance.api.ts';

const CHECK_INTERVAL_MS = 2_000;
const QUIET_MS = 15_000;

export type LiveMessage =
  | { readonly type: 'balance'; readonly data: Balance }
  /** Something happened at the desk: raised, resolved, or a person did something. */
  | { readonly type: 'exceptions'; readonly data: { readonly at: string } }
  /** Nothing changed; the connection and the ledger are well. */
  | { readonly type: 'alive'; readonly data: { readonly at: string } }
  | { readonly type: 'unavailable'; readonly data: { readonly at: string } };

type Listener = (message: LiveMessage) => void;

/**
 * Tells everyone who watches how the balance stands: at once, then when it has changed, at most every two seconds; and
 * when something happened at the desk. It is read once for all of them, and not at all while nobody watches.
 */
export class LiveFeed {
  readonly #listeners = new Set<Listener>();
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;
  #foldedSince = true;
  #last: { readonly message: LiveMessage; readonly fingerprint: string } | undefined;
  #newestEvent: string | null | undefined;
  #lastToldMs = 0;

  constructor(
    private readonly balance: Pick<ReadBalance, 'read'>,
    private readonly desk: Pick<ExceptionsStore, 'newestEvent'>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  get watching(): number {
    return this.#listeners.size;
  }

  /** Something was folded: the balance may have changed. */
  noteFolded(): void {
    this.#foldedSince = true;
  }

  /** Returns how to stop watching. */
  watch(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#running === undefined) {
      // Whatever was known is as old as the last one who watched.
      this.#last = undefined;
      this.#newestEvent = undefined;
      this.#running = this.#run();
    } else if (this.#last !== undefined) {
      listener(this.#last.message);
    }
    return () => this.#listeners.delete(listener);
  }

  beforeApplicationShutdown(): void {
    this.#listeners.clear();
    this.#stopped.abort();
  }

  async #run(): Promise<void> {
    try {
      while (this.#listeners.size > 0 && !this.#stopped.signal.aborted) {
        await this.#look();
        await this.clock.sleep(CHECK_INTERVAL_MS, this.#stopped.signal);
      }
    } finally {
      this.#running = undefined;
    }
  }

  async #look(): Promise<void> {
    const nowMs = this.clock.now().getTime();
    try {
      await this.#lookAtBalance(nowMs);
      await this.#lookAtDesk(nowMs);
      this.#keepAlive(nowMs);
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      this.#foldedSince = true;
      this.logger.warn({ event: 'live_feed_unavailable', err: error }, 'the ledger cannot be read');
      this.#tell({ type: 'unavailable', data: { at: new Date(nowMs).toISOString() } }, nowMs);
    }
  }

  async #lookAtBalance(nowMs: number): Promise<void> {
    if (!this.#foldedSince && this.#last !== undefined) return;
    this.#foldedSince = false;
    const data = await this.balance.read({});
    const fingerprint = fingerprintOf(data);
    if (fingerprint === this.#last?.fingerprint) return;
    this.#last = { message: { type: 'balance', data }, fingerprint };
    this.#tell(this.#last.message, nowMs);
  }

  /** Whoever begins to watch reads the desk anew, so the first look only tells where it stands. */
  async #lookAtDesk(nowMs: number): Promise<void> {
    const newest = await this.desk.newestEvent();
    const known = this.#newestEvent;
    this.#newestEvent = newest;
    if (known === undefined || known === newest) return;
    this.#tell({ type: 'exceptions', data: { at: new Date(nowMs).toISOString() } }, nowMs);
  }

  #keepAlive(nowMs: number): void {
    if (nowMs - this.#lastToldMs < QUIET_MS) return;
    this.#tell({ type: 'alive', data: { at: new Date(nowMs).toISOString() } }, nowMs);
  }

  #tell(message: LiveMessage, nowMs: number): void {
    this.#lastToldMs = nowMs;
    for (const listener of this.#listeners) listener(message);
  }
}

/** Without a settled cut the balance is "as of now", which is no change. */
function fingerprintOf(balance: Balance): string {
  return JSON.stringify(balance, (key, value: unknown) => (key === 'asOf' && !balance.settled ? '' : value));
}
