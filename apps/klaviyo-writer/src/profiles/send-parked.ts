import type { Clock } from '@watertight/service';
import { fromPayload } from '../buyer-event-payload.ts';
import type { DeliverBatch } from '../deliver-batch.ts';
import type { WordStore } from '../delivery/word.store.ts';

/** Events of one round; few, because each may have to be looked up. */
const ROUND_MAX = 100;

/** Sends what the budget of new profiles held back, as soon as there is room again. */
export class SendParked {
  constructor(
    private readonly words: WordStore,
    private readonly deliver: DeliverBatch,
    private readonly clock: Clock,
  ) {}

  /** Resolves with true when some have left and more wait. */
  async round(): Promise<boolean> {
    const parked = await this.words.parkedPayloads(ROUND_MAX);
    if (parked.length === 0) return false;
    const words = await this.deliver.deliverEvents(parked.map(fromPayload), new AbortController().signal);
    const stillParked = words.filter(({ reason }) => reason === 'policy.profile_budget');
    // Those that must wait go to the end of the row: behind them may be buyers who cost nothing.
    await this.words.touch(
      stillParked.map(({ eventId }) => eventId),
      this.clock.now(),
    );
    return stillParked.length < words.length && parked.length === ROUND_MAX;
  }
}
