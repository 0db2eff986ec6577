import { randomUUID } from 'node:crypto';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import { type Database, Leases } from '@watertight/postgres';
import type { ServiceContext } from '@watertight/service';
import { accountParts } from './account.parts.ts';
import type { SayFindings } from './account/say-findings.ts';
import { ReplayDelivery } from './commands/replay-delivery.ts';
import { RunCommands } from './commands/run-commands.ts';
import { VerifyOrder } from './commands/verify-order.ts';
import { DeliverBatch } from './deliver-batch.ts';
import { DeliveryStore } from './delivery/delivery.store.ts';
import { type OutcomePublisher, SayOutcomes } from './delivery/say-outcomes.ts';
import { SayWords } from './delivery/say-words.ts';
import { SendBulk } from './delivery/send-bulk.ts';
import { SendSingles } from './delivery/send-singles.ts';
import { WordStore } from './delivery/word.store.ts';
import type { KlaviyoClient } from './klaviyo/klaviyo-client.ts';
import type { PrivacyClient } from './klaviyo/privacy-client.ts';
import { AccountLimiter, type LimiterOptions } from './limiter/account-limiter.ts';
import { LimiterStore } from './limiter/limiter.store.ts';
import { profileParts } from './profile.parts.ts';
import type { TakeProfiles } from './profiles/take-profiles.ts';
import { type Round, Rounds } from './rounds/rounds.ts';
import { KlaviyoReader } from './verify/klaviyo-reader.ts';
import { MetricIds } from './verify/metric-ids.ts';
import { ResendOnce } from './verify/resend-once.ts';
import { VerifyAccepted } from './verify/verify-accepted.ts';
import { VerifyLoop } from './verify/verify-loop.ts';
import { VerifyStore } from './verify/verify.store.ts';
import { verifyDeadlineMs, type WriterConfig } from './writer.config.ts';

export interface WriterParts {
  readonly deliverBatch: DeliverBatch;
  readonly takeProfiles: TakeProfiles;
  readonly commands: RunCommands;
  readonly verify: VerifyAccepted;
  readonly verifyLoop: VerifyLoop;
  readonly findings: SayFindings;
  readonly rounds: Rounds;
  /** What the rounds do, each once, for tests. */
  readonly roundOf: (name: string) => Round;
}

export interface PartsInput {
  readonly config: Pick<
    WriterConfig,
    | 'KLAVIYO_QUOTA_PERCENT'
    | 'KLAVIYO_PACING'
    | 'VERIFY_FIRST_AFTER'
    | 'VERIFY_EVERY'
    | 'VERIFY_DEADLINE'
    | 'CONSENTS_EVERY'
    | 'PROFILE_WAIT'
  >;
  readonly policy: MarketplacesPolicy;
  readonly database: Database;
  readonly client: KlaviyoClient;
  /** Null without KLAVIYO_PRIVACY_API_KEY. */
  readonly privacy: PrivacyClient | null;
  readonly publisher: OutcomePublisher;
  readonly context: Pick<ServiceContext, 'clock' | 'logger'>;
  /** Pauses while Klaviyo does not answer; the limiter's own unless a test says otherwise. */
  readonly outage?: LimiterOptions['outage'];
  /** Milliseconds that only grow; a test that skips time has its own. */
  readonly monotonicMs?: () => number;
}

/** What nearly every part needs. */
export interface SharedParts extends PartsInput {
  readonly replica: string;
  readonly limiter: AccountLimiter;
  readonly metricIds: MetricIds;
  readonly outcomes: SayOutcomes;
  readonly words: SayWords;
  readonly wordStore: WordStore;
}

/** A replica that does not come back is replaced after this, in milliseconds. */
const LEASE_MS = 60_000;
const VERIFY_IDLE_MAX_MS = 1_000;

/** Puts the writer together. Everything that talks to Klaviyo goes through the one client and the one limiter. */
export function writerParts(input: PartsInput): WriterParts {
  const shared = sharedParts(input);
  const { database, client, context, outcomes, wordStore, limiter, policy } = shared;
  const { clock, logger } = context;
  const store = new DeliveryStore(database);
  const sender = { client, limiter, store, clock, lookAfterMs: input.config.VERIFY_FIRST_AFTER };
  const reader = new KlaviyoReader(client, limiter, shared.metricIds);
  const profiles = profileParts(shared);
  const deliverBatch = new DeliverBatch({
    store,
    words: wordStore,
    outcomes,
    singles: new SendSingles(sender),
    bulk: new SendBulk(sender),
    reader,
    gates: profiles.gates,
    policy,
    clock,
  });
  const account = accountParts(shared);
  const { verify, verifyLoop, verifyStore } = verification(shared, { store, sender, reader });
  const rounds = [...account.rounds, ...profiles.rounds(deliverBatch)];
  return {
    deliverBatch,
    takeProfiles: profiles.takeProfiles,
    commands: new RunCommands({
      replays: new ReplayDelivery(wordStore, deliverBatch),
      verifies: new VerifyOrder(verifyStore, store, reader, outcomes),
      erases: profiles.erases,
      findings: account.findings,
      counts: account.counts,
    }),
    verify,
    verifyLoop,
    findings: account.findings,
    rounds: new Rounds({ leases: new Leases(database, shared.replica, LEASE_MS), clock, logger }, rounds),
    roundOf: (name) => {
      const found = rounds.find((round) => round.name === name);
      if (found === undefined) throw new RangeError(`there is no round "${name}"`);
      return found;
    },
  };
}

function sharedParts(input: PartsInput): SharedParts {
  const { config, database, client, publisher, context, outage } = input;
  const { monotonicMs = () => performance.now() } = input;
  const limiter = new AccountLimiter({
    store: new LimiterStore(database),
    clock: context.clock,
    share: config.KLAVIYO_QUOTA_PERCENT / 100,
    enabled: config.KLAVIYO_PACING,
    ...(outage === undefined ? {} : { outage }),
    monotonicMs,
  });
  const wordStore = new WordStore(database);
  return {
    ...input,
    replica: randomUUID(),
    limiter,
    metricIds: new MetricIds(client.account, limiter),
    outcomes: new SayOutcomes(wordStore, publisher, context.clock),
    words: new SayWords(publisher),
    wordStore,
  };
}

function verification(
  { config, database, policy, outcomes, wordStore, context, replica }: SharedParts,
  parts: {
    readonly store: DeliveryStore;
    readonly sender: Omit<ConstructorParameters<typeof ResendOnce>[0], 'ledger' | 'store'>;
    readonly reader: KlaviyoReader;
  },
): { verify: VerifyAccepted; verifyLoop: VerifyLoop; verifyStore: VerifyStore } {
  const { clock, logger } = context;
  const verifyStore = new VerifyStore(database);
  const deadlineMs = verifyDeadlineMs(
    config.VERIFY_DEADLINE,
    policy.marketplaces.map(({ pollIntervalMs }) => pollIntervalMs),
  );
  const verify = new VerifyAccepted({
    store: verifyStore,
    ledger: parts.store,
    words: wordStore,
    outcomes,
    reader: parts.reader,
    resends: new ResendOnce({ ...parts.sender, ledger: parts.store, store: verifyStore }),
    policy,
    clock,
    times: { everyMs: config.VERIFY_EVERY, deadlineMs },
  });
  const leases = new Leases(database, replica, LEASE_MS);
  const idleMs = Math.min(VERIFY_IDLE_MAX_MS, config.VERIFY_FIRST_AFTER);
  return { verify, verifyLoop: new VerifyLoop({ verify, leases, clock, logger, idleMs }), verifyStore };
}
