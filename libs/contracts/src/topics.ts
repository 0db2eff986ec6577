import type { TSchema } from 'typebox';
import { BuyerConsentSchema } from './buyer-consents.v1.ts';
import { BuyerEventSchema } from './buyer-events.v1.ts';
import { BuyerProfileSchema } from './buyer-profiles.v1.ts';
import { CommandSchema } from './commands.v1.ts';
import { deadLetterTopicName } from './headers.ts';
import { OrderFactSchema } from './orders.v1.ts';
import { OutcomeSchema } from './outcomes.v1.ts';
import { RefundFactSchema } from './refunds.v1.ts';

export type AppName = 'mirakl-ingest' | 'profile-mapper' | 'klaviyo-writer' | 'leakage-monitor';

export interface TopicDefinition<S extends TSchema = TSchema> {
  readonly name: string;
  readonly description: string;
  /** What the record key holds; the same key always goes to the same partition. */
  readonly key: 'orderKey' | 'buyerId' | 'orderKey or marketplaceId' | 'orderKey, buyerId or marketplaceId';
  readonly schema: S;
  readonly cleanup: 'delete' | 'compact';
  readonly retentionMs: number | null;
  readonly partitions: number;
  /** Who may write it, besides nobody. */
  readonly producers: readonly AppName[];
  /** Our own consumer groups; each has a dead-letter topic. */
  readonly groups: readonly AppName[];
  /** Other internal systems may subscribe. */
  readonly open: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const PARTITIONS = 6;

function defineTopic<S extends TSchema>(definition: TopicDefinition<S>): TopicDefinition<S> {
  return Object.freeze(definition);
}

/** Every topic, defined once: the start-up check, the Kubernetes manifests and the AsyncAPI document come from here. */
export const Topics = {
  orders: defineTopic({
    name: 'mirakl.orders.v1',
    description: 'The order as Mirakl has it now, normalised; one message per change of content',
    key: 'orderKey',
    schema: OrderFactSchema,
    cleanup: 'delete',
    retentionMs: 14 * DAY_MS,
    partitions: PARTITIONS,
    producers: ['mirakl-ingest'],
    // mirakl-ingest reads nothing here; its dead letters are orders that it could not parse.
    groups: ['mirakl-ingest', 'profile-mapper', 'leakage-monitor'],
    open: false,
  }),
  refunds: defineTopic({
    name: 'mirakl.refunds.v1',
    description: 'Refunds, cancelations and returns; one message per id and state',
    key: 'orderKey',
    schema: RefundFactSchema,
    cleanup: 'delete',
    retentionMs: 14 * DAY_MS,
    partitions: PARTITIONS,
    producers: ['mirakl-ingest'],
    groups: ['profile-mapper', 'leakage-monitor'],
    open: false,
  }),
  buyerEvents: defineTopic({
    name: 'buyer.events.v1',
    description: 'Canonical buyer events: placed, fulfilled, cancelled, refunded, returned',
    key: 'buyerId',
    schema: BuyerEventSchema,
    cleanup: 'delete',
    retentionMs: 30 * DAY_MS,
    partitions: PARTITIONS,
    producers: ['profile-mapper'],
    groups: ['klaviyo-writer'],
    open: true,
  }),
  buyerProfiles: defineTopic({
    name: 'buyer.profiles.v1',
    description: "The buyer's current profile and aggregates; null when the person was erased",
    key: 'buyerId',
    schema: BuyerProfileSchema,
    cleanup: 'compact',
    retentionMs: null,
    partitions: PARTITIONS,
    producers: ['profile-mapper'],
    // klaviyo-writer writes to Klaviyo what no event carries.
    groups: ['klaviyo-writer'],
    open: true,
  }),
  buyerConsents: defineTopic({
    name: 'buyer.consents.v1',
    description: 'Marketing consent as read from Klaviyo; null when the person was erased',
    key: 'buyerId',
    schema: BuyerConsentSchema,
    cleanup: 'compact',
    retentionMs: null,
    partitions: PARTITIONS,
    producers: ['klaviyo-writer'],
    groups: ['leakage-monitor'],
    open: true,
  }),
  outcomes: defineTopic({
    name: 'sync.outcomes.v1',
    description: 'One outcome per fact and stage, and source audits',
    key: 'orderKey or marketplaceId',
    schema: OutcomeSchema,
    cleanup: 'delete',
    retentionMs: 30 * DAY_MS,
    partitions: PARTITIONS,
    producers: ['mirakl-ingest', 'profile-mapper', 'klaviyo-writer', 'leakage-monitor'],
    groups: ['leakage-monitor'],
    open: false,
  }),
  commands: defineTopic({
    name: 'sync.commands.v1',
    description: 'Replay, refetch, contact claim, erasure, backfill: who asked, when, why',
    key: 'orderKey, buyerId or marketplaceId',
    schema: CommandSchema,
    cleanup: 'delete',
    retentionMs: 14 * DAY_MS,
    partitions: PARTITIONS,
    producers: ['leakage-monitor'],
    groups: ['mirakl-ingest', 'profile-mapper', 'klaviyo-writer'],
    open: false,
  }),
} as const;

export const ALL_TOPICS: readonly TopicDefinition[] = Object.values(Topics);

/** `<topic>.<group>.dlq` for every group that reads the topic. */
export function deadLetterTopicsOf(topic: TopicDefinition): string[] {
  return topic.groups.map((group) => deadLetterTopicName(topic.name, group));
}

/** The original bytes stay as long as anything else that holds personal data may. */
export const DEAD_LETTER_RETENTION_MS = 30 * DAY_MS;
/** A compacted topic forgets an erased person within a day. */
export const MAX_COMPACTION_LAG_MS = DAY_MS;
