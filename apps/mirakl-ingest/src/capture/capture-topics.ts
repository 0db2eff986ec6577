import { Topics } from '@watertight/contracts';

/** Where ingest publishes. Other names are for tests, which share one broker. */
export interface CaptureTopics {
  readonly orders: typeof Topics.orders;
  readonly refunds: typeof Topics.refunds;
  readonly outcomes: typeof Topics.outcomes;
}

export const CAPTURE_TOPICS: CaptureTopics = {
  orders: Topics.orders,
  refunds: Topics.refunds,
  outcomes: Topics.outcomes,
};
