export { AttributesSchema, type Attributes } from './attributes.ts';
export { BUCKETS, BUCKET_MEANINGS, type Bucket } from './buckets.ts';
export { BuyerConsentSchema, type BuyerConsent } from './buyer-consents.v1.ts';
export {
  BUYER_EVENT_TYPES,
  BuyerEventSchema,
  type BuyerEvent,
  type BuyerEventLine,
} from './buyer-events.v1.ts';
export { BuyerProfileSchema, type BuyerProfile, type ContactClass } from './buyer-profiles.v1.ts';
export { CommandSchema, type Command } from './commands.v1.ts';
export { ceHeaders, deadLetterHeaders, deadLetterTopicName, traceHeaders } from './headers.ts';
export { buyerIdOf, eventIds, marketplaceIdOf, orderIdOf, orderKeyOf, refundFactId } from './ids.ts';
export {
  addMoney,
  convertMoney,
  decimalsOf,
  formatMinor,
  fromWire,
  money,
  MoneySchema,
  parseMoney,
  toWire,
  type Money,
  type WireMoney,
} from './money.ts';
export { OrderFactSchema, type OrderFact, type OrderLineFact } from './orders.v1.ts';
export {
  factOutcome,
  OUTCOMES,
  STAGES,
  type FactOutcome,
  type FactOutcomeInput,
  type OutcomeName,
  type Stage,
} from './outcomes/fact-outcome.ts';
export {
  BACKFILL_STATES,
  type BackfillProgress,
  type BackfillState,
  type CountAudit,
  type DayCount,
  type MarketplaceSettings,
  type PollCompleted,
  type PollFailed,
  type Sighting,
  type Transaction,
  type UnknownValue,
} from './outcomes/source-words.ts';
export {
  type DeliveryState,
  type ErasureReceipt,
  type FieldCoverage,
  type Finding,
  type MetricCount,
} from './outcomes/stage-words.ts';
export { OutcomeSchema, type Outcome } from './outcomes.v1.ts';
export type { OwnerRole, ReasonDefinition, Severity } from './reason-definition.ts';
export { isReasonCode, REASON_CODES, reasonOf, REASONS, type ReasonCode } from './reasons.ts';
export { RefundFactSchema, type RefundFact } from './refunds.v1.ts';
export {
  ALL_TOPICS,
  DEAD_LETTER_RETENTION_MS,
  deadLetterTopicsOf,
  MAX_COMPACTION_LAG_MS,
  Topics,
  type AppName,
  type TopicDefinition,
} from './topics.ts';
