/** Orders whose trace is remembered; each costs about 200 bytes, and only while tracing is on. */
const REMEMBERED_MAX = 20_000;

/**
 * The trace that an order was last seen in by this process. A word on the order that comes later and from no message,
 * such as a read-back that finds the event, joins that trace. After a restart, or on another replica, such a word
 * begins a trace of its own. The oldest are forgotten.
 */
export class RememberedTraces {
  readonly #headers = new Map<string, string>();

  constructor(private readonly max = REMEMBERED_MAX) {}

  remember(subject: string, traceparent: string): void {
    this.#headers.delete(subject);
    this.#headers.set(subject, traceparent);
    if (this.#headers.size <= this.max) return;
    const [oldest] = this.#headers.keys();
    if (oldest !== undefined) this.#headers.delete(oldest);
  }

  of(subject: string): string | undefined {
    return this.#headers.get(subject);
  }
}

export const rememberedTraces = new RememberedTraces();
