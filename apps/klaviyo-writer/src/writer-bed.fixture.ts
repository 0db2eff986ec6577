import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { BuyerEvent, Outcome } from '@watertight/contracts';
import { waitUntil } from '@watertight/testing';
import {
  type BenchOptions,
  type BenchWriter,
  benchWriter,
  KlaviyoDouble,
  type StoredTruth,
} from './writer-bench.fixture.ts';

/** What every test of a file has: a Klaviyo that has forgotten the test before, and a writer of its own. */
export class WriterBed {
  readonly #options: Partial<BenchOptions>;
  #klaviyo: KlaviyoDouble | undefined;
  #writer: BenchWriter | undefined;

  constructor(options: Partial<BenchOptions> = {}) {
    this.#options = options;
    beforeAll(async () => {
      this.#klaviyo = await KlaviyoDouble.start();
    });
    afterAll(async () => {
      await this.#klaviyo?.stop();
    });
    beforeEach(async () => {
      await this.klaviyo.reset();
      this.#writer = await this.another();
    });
    afterEach(async () => {
      await this.#writer?.close();
    });
  }

  get klaviyo(): KlaviyoDouble {
    if (this.#klaviyo === undefined) throw new Error('the double is there within tests only');
    return this.#klaviyo;
  }

  get writer(): BenchWriter {
    if (this.#writer === undefined) throw new Error('the writer is there within tests only');
    return this.#writer;
  }

  /** Another writer against the same Klaviyo; whoever asks for it closes it. */
  another(options: Partial<BenchOptions> = {}): Promise<BenchWriter> {
    return benchWriter({ baseUrl: this.klaviyo.baseUrl, ...this.#options, ...options });
  }

  /** The writer of the test anew, with other settings and an empty ledger. */
  async restart(options: Partial<BenchOptions>): Promise<void> {
    await this.writer.close();
    this.#writer = await this.another(options);
  }

  /** Waits until Klaviyo holds this many events, no more and no less, and returns them. */
  stored(count: number): Promise<readonly StoredTruth[]> {
    return waitUntil(`${count} stored events`, async () => {
      const events = await this.klaviyo.events();
      return events.length === count && events;
    });
  }

  /** Reads back until the last word on every event is that it is verified. */
  verified(...events: readonly BuyerEvent[]): Promise<boolean> {
    return waitUntil('every event to be verified', async () => {
      await this.writer.verify.round();
      return events.every(({ eventId }) => this.writer.published.wordOn(eventId) === 'verified');
    });
  }

  /** What the writer has said of one kind. */
  words<K extends Outcome['kind']>(kind: K): Extract<Outcome, { kind: K }>[] {
    return this.writer.published.outcomes.filter(
      (one): one is Extract<Outcome, { kind: K }> => one.kind === kind,
    );
  }
}
