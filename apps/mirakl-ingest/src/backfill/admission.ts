import type { Clock } from '@watertight/service';

/** How many messages the stages behind this one have not dealt with yet. */
export type InFlight = () => Promise<number>;

/** A look is no older than this; between two pages nothing is asked of the brokers more often. */
const LOOK_EVERY_MS = 250;

/**
 * Lets history in only while little is in flight: what is captured now has to wait behind it. The measure is the lag of
 * the consumers behind, because the stages meet on Kafka alone.
 */
export class Admission {
  #lookedAt = -Infinity;
  #inFlight = 0;
  #isOpen = true;

  constructor(
    private readonly inFlight: InFlight,
    private readonly clock: Clock,
    /** In messages. */
    private readonly maxInFlight: number,
  ) {}

  /**
   * True when a page may go in now. Once too much is in flight, half of it has to be done before the next page goes in:
   * on the edge it would open and close with every message. Throws RetryableError when the brokers do not answer. */
  async isOpen(): Promise<boolean> {
    const now = this.clock.now().getTime();
    if (now - this.#lookedAt >= LOOK_EVERY_MS) {
      this.#inFlight = await this.inFlight();
      this.#lookedAt = this.clock.now().getTime();
    }
    this.#isOpen = this.#inFlight <= (this.#isOpen ? this.maxInFlight : this.maxInFlight / 2);
    return this.#isOpen;
  }

  /** A page that went in counts at once; the next look corrects it. */
  noteAdmitted(orders: number): void {
    this.#inFlight += orders;
  }

  get reason(): string {
    return `more than ${this.maxInFlight} messages are in flight: live orders come first`;
  }
}
