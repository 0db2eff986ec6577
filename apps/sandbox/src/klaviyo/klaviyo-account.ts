import { AssetBook } from './assets/asset-book.ts';
import { DueQueue } from '../due-queue.ts';
import type { EventDraft, ProfileDraft } from './event-draft.ts';
import { MetricBook, type Metric } from './metric-book.ts';
import { ProfileBook, type Match } from './profile-book.ts';
import { Quota } from './quota.ts';
import type { StoredEvent, StoredProfile } from './stored.ts';

export interface KlaviyoSettings {
  readonly quota: 'enforced' | 'off';
  /** Time between the 202 and the moment from which reads find the event. */
  readonly storeDelayMs: number;
  /** A bulk request that repeats an id of an earlier request is refused, as one that repeats it within itself is. */
  readonly bulkRefusesStored: boolean;
  /** Whether the refusal of a bulk request names the entries at fault, or only says that something is wrong. */
  readonly namesEntries: boolean;
  /** `lean`: of the properties only the order id is kept, for runs with very many events. */
  readonly keep: 'full' | 'lean';
}

export interface KlaviyoCounts {
  events: number;
  /** Events beyond the first of one (metric, unique_id), whatever the profile. */
  doubled: number;
  /** Repeats of (profile, metric, unique_id) that were answered 202 and dropped. */
  repeatsIgnored: number;
  /** Events that were answered 202 and then lost, because a fault said so. */
  lost: number;
  /** Events that were stored without `backfill` and so may start flows. */
  flowTriggering: number;
  /** Requests that were taken without an invalid phone number, and answered so. */
  phonesDropped: number;
  /** Calls that went over the quota; a 429 that a fault gave is not among them. */
  throttled: number;
  forbiddenCalls: number;
  unknownCalls: number;
}

/** One Klaviyo account: what it stores, what it counts and when. Time comes in with each call. */
export class KlaviyoAccount {
  readonly profiles = new ProfileBook();
  readonly metrics = new MetricBook();
  readonly assets = new AssetBook();
  readonly quota = new Quota();
  readonly requests = new Map<string, number>();
  readonly statuses = new Map<string, number>();
  readonly forbidden: { readonly method: string; readonly path: string; readonly atMs: number }[] = [];
  readonly counts: KlaviyoCounts = {
    events: 0,
    doubled: 0,
    repeatsIgnored: 0,
    lost: 0,
    flowTriggering: 0,
    phonesDropped: 0,
    throttled: 0,
    forbiddenCalls: 0,
    unknownCalls: 0,
  };
  private readonly pending = new DueQueue<() => void>();
  private eventNumber = 0;

  constructor(public settings: KlaviyoSettings) {}

  get pendingCount(): number {
    return this.pending.length;
  }

  /** Does everything that was accepted and is due by now. */
  settle(nowMs: number): void {
    for (let due = this.pending.takeDue(nowMs); due; due = this.pending.takeDue(nowMs)) due.item();
  }

  later(nowMs: number, action: () => void): void {
    this.pending.add(nowMs + this.settings.storeDelayMs, action);
  }

  /** Whether an event would be a repeat of one accepted before, for the profile it matches. Creates nothing. */
  isRepeat(draft: EventDraft, match: Match): boolean {
    if (match.kind === 'none') return false;
    return this.metrics.named(draft.metricName)?.hasSeen(match.profile.number, dedupeId(draft)) ?? false;
  }

  /**
   * Takes an event that was answered 202. The first of (profile, metric, id) is stored after the delay; a repeat is
   * dropped without a word. Without an id the second of its time serves as one.
   */
  accept(draft: EventDraft, route: 'single' | 'bulk', nowMs: number): void {
    const profile = this.obtainProfile(draft.profile, nowMs);
    const metric = this.metrics.obtain(draft.metricName, nowMs);
    if (metric.hasSeen(profile.number, dedupeId(draft))) {
      this.counts.repeatsIgnored += 1;
      this.later(nowMs, () => this.profiles.update(profile, draft.profile, nowMs));
      return;
    }
    const { doubled } = metric.see(profile.number, dedupeId(draft));
    this.later(nowMs, () => this.store(draft, { profile, metric, route, doubled, nowMs }));
  }

  /** The profile that a payload names, made when there is none; it can be seen once the payload is stored. */
  obtainProfile(draft: ProfileDraft, nowMs: number): StoredProfile {
    const match = this.profiles.match(draft.identifiers);
    if (match.kind === 'none') {
      return this.profiles.create(draft.identifiers, nowMs, nowMs + this.settings.storeDelayMs);
    }
    this.profiles.identify(match.profile, draft.identifiers);
    return match.profile;
  }

  private store(
    draft: EventDraft,
    place: {
      readonly profile: StoredProfile;
      readonly metric: Metric;
      readonly route: 'single' | 'bulk';
      readonly doubled: boolean;
      readonly nowMs: number;
    },
  ): void {
    const { profile, metric, route, nowMs } = place;
    this.eventNumber += 1;
    const event: StoredEvent = {
      number: this.eventNumber,
      metric,
      profile,
      seconds: draft.seconds,
      uniqueId: draft.uniqueId,
      value: draft.value,
      currency: draft.currency,
      backfill: draft.backfill,
      properties: this.settings.keep === 'full' ? JSON.stringify(draft.properties) : leanProperties(draft),
      route,
      storedMs: nowMs + this.settings.storeDelayMs,
    };
    metric.add(event);
    profile.events.push(event);
    profile.lastEventMs = Math.max(profile.lastEventMs ?? 0, draft.seconds * 1000);
    this.profiles.update(profile, draft.profile, nowMs);
    this.counts.events += 1;
    if (place.doubled) this.counts.doubled += 1;
    if (!draft.backfill) this.counts.flowTriggering += 1;
  }
}

/** What an event is known by within its metric and profile. */
export function dedupeId(draft: EventDraft): string {
  return draft.uniqueId ?? `second ${draft.seconds}`;
}

function leanProperties(draft: EventDraft): string {
  return JSON.stringify({ OrderId: draft.properties['OrderId'] });
}
