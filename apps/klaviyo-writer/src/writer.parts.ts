import { randomUUID } from 'node:crypto';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import { type Database, Leases } from '@watertight/postgres';
import type { ServiceContext } from '@watertight/service';
import { ReplayDelivery } from './commands/replay-delivery.ts';
import { RunCommands } from './commands/run-commands.ts';
import { DeliverBatch } from './deliver-batch.ts';
import { DeliveryStore } from './delivery/delivery.store.ts';
import { type OutcomePublisher, SayOutcomes } from './delivery/say-outcomes.ts';
import { SendBulk } from './delivery/send-bulk.ts';
import { SendSingles } from './delivery/send-singles.ts';
import { WordStore } from './delivery/word.store.ts';
import type { KlaviyoClient } from './klaviyo/klaviyo-client.ts';
import { AccountLimiter, type LimiterOptions } from './limiter/account-limiter.ts';
import { LimiterStore } from './limiter/limiter.store.ts';
import { KnownProfiles } from './profiles/known-profiles.ts';
import { KlaviyoReader } from './verify/klaviyo-reader.ts';
import { MetricIds } from './verify/metric-ids.ts';
import { ResendOnce } from './verify/resend-once.ts';
import { VerifyAccepted } from './verify/verify-accepted.ts';
import { VerifyLoop } from './verify/verify-loop.ts';
import { VerifyStore } from './verify/verify.store.ts';
import { verifyDeadlineMs, type WriterConfig } from './writer.config.ts';

export interface WriterParts {
  readonly deliverBatch: DeliverBatch;
  readonly commands: RunCommands;
  readonly verify: VerifyAccepted;
  readonly verifyLoop: VerifyLoop;
}

export interface PartsInput {
  readonly config: Pick<
    WriterConfig,
    'KLAVIYO_QUOTA_PERCENT' | 'KLAVIYO_PACING' | 'VERIFY_FIRST_AFTER' | 'VERIFY_EVERY' | 'VERIFY_DEADLINE'
  >;
  readonly policy: MarketplacesPolicy;
  readonly database: Database;
  readonly client: KlaviyoClient;
  readonly publisher: OutcomePublisher;
  readonly context: Pick<ServiceContext, 'clock' | 'logger'>;
  /** Pauses while Klaviyo does not answer; the limiter's own unless a test says otherwise. */
  readonly outage?: LimiterOptions['outage'];
}

/** A verifier that does not come back is replaced after this, in milliseconds. */
const VERIFY_LEASE_MS = 60_000;
const VERIFY_IDLE_MAX_MS = 1_000;

/** Puts the writer together. Everything that talks to Klaviyo goes through the one client and the one limiter. */
export function writerParts({
  config,
  policy,
  database,
  client,
  publisher,
  context,
  outage,
}: PartsInput): WriterParts {
  const { clock, logger } = context;
  const limiter = new AccountLimiter({
    store: new LimiterStore(database),
    clock,
    share: config.KLAVIYO_QUOTA_PERCENT / 100,
    enabled: config.KLAVIYO_PACING,
    ...(outage === undefined ? {} : { outage }),
    monotonicMs: () => performance.now(),
  });
  const store = new DeliveryStore(database);
  const words = new WordStore(database);
  const outcomes = new SayOutcomes(words, publisher, clock);
  const sender = { client, limiter, store, clock, lookAfterMs: config.VERIFY_FIRST_AFTER };
  const reader = new KlaviyoReader(client, limiter, new MetricIds(client.account, limiter));
  const deliverBatch = new DeliverBatch({
    store,
    words,
    outcomes,
    singles: new SendSingles(sender),
    bulk: new SendBulk(sender),
    reader,
    profiles: new KnownProfiles(client.profiles, limiter),
    policy,
    clock,
  });
  const verifyStore = new VerifyStore(database);
  const deadlineMs = verifyDeadlineMs(
    config.VERIFY_DEADLINE,
    policy.marketplaces.map(({ pollIntervalMs }) => pollIntervalMs),
  );
  const verify = new VerifyAccepted({
    store: verifyStore,
    ledger: store,
    words,
    outcomes,
    reader,
    resends: new ResendOnce({ ...sender, ledger: store, store: verifyStore }),
    policy,
    clock,
    times: { everyMs: config.VERIFY_EVERY, deadlineMs },
  });
  const leases = new Leases(database, randomUUID(), VERIFY_LEASE_MS);
  const idleMs = Math.min(VERIFY_IDLE_MAX_MS, config.VERIFY_FIRST_AFTER);
  return {
    deliverBatch,
    commands: new RunCommands(new ReplayDelivery(words, deliverBatch)),
    verify,
    verifyLoop: new VerifyLoop({ verify, leases, clock, logger, idleMs }),
  };
}
