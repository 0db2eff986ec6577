import { Type, type Static } from 'typebox';
import { FactOutcomeSchema } from './outcomes/fact-outcome.ts';
import {
  BackfillProgressSchema,
  CountAuditSchema,
  DayCountSchema,
  MarketplaceSettingsSchema,
  PollCompletedSchema,
  PollFailedSchema,
  SightingSchema,
  TransactionSchema,
  UnknownValueSchema,
} from './outcomes/source-words.ts';
import {
  DeliveryStateSchema,
  ErasureReceiptSchema,
  FieldCoverageSchema,
  FindingSchema,
  MetricCountSchema,
} from './outcomes/stage-words.ts';

/** One outcome per fact and stage, and what the sources and the stages say of themselves. */
export const OutcomeSchema = Type.Union(
  [
    FactOutcomeSchema,
    CountAuditSchema,
    DayCountSchema,
    PollCompletedSchema,
    PollFailedSchema,
    SightingSchema,
    UnknownValueSchema,
    MarketplaceSettingsSchema,
    TransactionSchema,
    BackfillProgressSchema,
    FieldCoverageSchema,
    MetricCountSchema,
    DeliveryStateSchema,
    ErasureReceiptSchema,
    FindingSchema,
  ],
  {
    $id: 'sync.outcomes.v1',
    title: 'Outcome',
    description: 'One outcome per fact and stage, and source audits',
  },
);
export type Outcome = Static<typeof OutcomeSchema>;
