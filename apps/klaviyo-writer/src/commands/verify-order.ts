import type { SayOutcomes } from '../delivery/say-outcomes.ts';
import type { DeliveryStore } from '../delivery/delivery.store.ts';
import { ledgerKey } from '../klaviyo/klaviyo-event.ts';
import type { KlaviyoReader } from '../verify/klaviyo-reader.ts';
import type { VerifyStore } from '../verify/verify.store.ts';

/** Reads the buyer events of one order back now, whatever the ledger says of them, and says what came of it. */
export class VerifyOrder {
  constructor(
    private readonly store: VerifyStore,
    private readonly ledger: DeliveryStore,
    private readonly reader: KlaviyoReader,
    private readonly outcomes: SayOutcomes,
  ) {}

  /** Throws RetryableError when Klaviyo cannot be asked. */
  async verify(orderKey: string): Promise<void> {
    const rows = await this.store.ofOrder(orderKey);
    if (rows.length === 0) return;
    const { found } = await this.reader.find(rows);
    const shown = rows.filter((row) => found.has(ledgerKey(row)));
    await this.ledger.markFound(shown);
    await this.outcomes.say([...new Set(rows.map(({ eventId }) => eventId))]);
  }
}
