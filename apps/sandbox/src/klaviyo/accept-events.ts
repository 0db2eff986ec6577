import { isJsonObject, listAt, memberAt, type Json } from '../http/json.ts';
import type { EventDraft } from './event-draft.ts';
import { dedupeId, type KlaviyoAccount } from './klaviyo-account.ts';
import { invalidAt, KlaviyoRefusal, type KlaviyoProblem } from './klaviyo-errors.ts';
import { readEventAttributes } from './validate-event.ts';
import { readProfileData } from './validate-profile.ts';

export interface Acceptance {
  readonly account: KlaviyoAccount;
  readonly nowMs: number;
  readonly readsBackfill: boolean;
  /** Whether a fault loses this event after the 202. */
  readonly isLost: () => boolean;
}

/** Header that tells which part of a payload was dropped. */
export type PartialFailure = Readonly<Record<string, string>>;

const mostEvents = 1_000;
const bulkPointer = '/data/attributes/events-bulk-create/data';

/** `POST /api/events`. Throws `KlaviyoRefusal` (400) with every problem; else the event counts as accepted. */
export function acceptSingle(body: Json, acceptance: Acceptance): PartialFailure {
  const problems: KlaviyoProblem[] = [];
  const pointer = '/data/attributes';
  if (memberAt(body, 'data', 'type') !== 'event') {
    problems.push(invalidAt('/data/type', "The resource type must be 'event'."));
  }
  const attributes = memberAt(body, 'data', 'attributes');
  const profileData = memberAt(attributes, 'profile', 'data');
  const profile = readProfileData(profileData, `${pointer}/profile/data`, 'inside_attributes', problems);
  const context = { ...acceptance, groupBackfill: false };
  const draft = readEventAttributes(attributes, profile, pointer, context, problems);
  if (problems.length > 0 || !draft) throw new KlaviyoRefusal(400, problems);
  take([draft], 'single', acceptance);
  return partialFailure([draft], acceptance);
}

/**
 * `POST /api/event-bulk-create-jobs`: all or nothing. One bad entry, or an id that comes twice, refuses the whole
 * request with a pointer to every entry at fault.
 */
export function acceptBulk(body: Json, acceptance: Acceptance): PartialFailure {
  const problems: KlaviyoProblem[] = [];
  if (memberAt(body, 'data', 'type') !== 'event-bulk-create-job') {
    problems.push(invalidAt('/data/type', "The resource type must be 'event-bulk-create-job'."));
  }
  const groups = listAt(body, 'data', 'attributes', 'events-bulk-create', 'data');
  if (groups.length === 0) problems.push(invalidAt(bulkPointer, "'data' must hold at least one entry."));
  const drafts: EventDraft[] = [];
  const seen = new Set<string>();
  let count = 0;
  for (const [index, group] of groups.entries()) {
    const pointer = `${bulkPointer}/${index}`;
    const read = readGroup(group, pointer, acceptance, problems);
    count += read.count;
    for (const { draft, at } of read.drafts) {
      if (isRepeated(draft, seen, acceptance.account)) {
        problems.push(
          invalidAt(
            `${at}/attributes/unique_id`,
            'This unique_id is repeated for the same profile and metric.',
          ),
        );
      }
      drafts.push(draft);
    }
  }
  if (count > mostEvents) {
    problems.push(
      invalidAt(bulkPointer, `At most ${mostEvents} events may be sent in one request; there are ${count}.`),
    );
  }
  if (problems.length > 0) {
    const { namesEntries } = acceptance.account.settings;
    throw new KlaviyoRefusal(400, namesEntries ? problems : [unnamed]);
  }
  take(drafts, 'bulk', acceptance);
  return partialFailure(drafts, acceptance);
}

const unnamed = invalidAt('/data', 'The payload provided in the request is invalid.');

function readGroup(
  group: Json,
  pointer: string,
  acceptance: Acceptance,
  problems: KlaviyoProblem[],
): {
  readonly count: number;
  readonly drafts: readonly { readonly draft: EventDraft; readonly at: string }[];
} {
  if (!isJsonObject(group) || group['type'] !== 'event-bulk-create') {
    problems.push(invalidAt(`${pointer}/type`, "The resource type must be 'event-bulk-create'."));
    return { count: 0, drafts: [] };
  }
  const attributes = `${pointer}/attributes`;
  const profileData = memberAt(group, 'attributes', 'profile', 'data');
  const profile = readProfileData(profileData, `${attributes}/profile/data`, 'beside_attributes', problems);
  const events = listAt(group, 'attributes', 'events', 'data');
  if (events.length === 0)
    problems.push(invalidAt(`${attributes}/events/data`, "'data' must hold at least one event."));
  const backfill = memberAt(group, 'attributes', 'backfill') ?? false;
  if (typeof backfill !== 'boolean')
    problems.push(invalidAt(`${attributes}/backfill`, "'backfill' must be a boolean."));
  const context = { ...acceptance, groupBackfill: backfill === true };
  const drafts = events.flatMap((event, index) => {
    const at = `${attributes}/events/data/${index}`;
    if (memberAt(event, 'type') !== 'event')
      problems.push(invalidAt(`${at}/type`, "The resource type must be 'event'."));
    const draft = readEventAttributes(
      memberAt(event, 'attributes'),
      profile,
      `${at}/attributes`,
      context,
      problems,
    );
    return draft ? [{ draft, at }] : [];
  });
  return { count: events.length, drafts };
}

function isRepeated(draft: EventDraft, seen: Set<string>, account: KlaviyoAccount): boolean {
  const match = account.profiles.match(draft.profile.identifiers);
  const { email, phone, externalId, anonymousId } = draft.profile.identifiers;
  const person =
    match.kind === 'none' ? (email?.toLowerCase() ?? phone ?? externalId ?? anonymousId) : match.profile.id;
  const key = `${person} ${draft.metricName} ${dedupeId(draft)}`;
  const repeated = seen.has(key) || (account.settings.bulkRefusesStored && account.isRepeat(draft, match));
  seen.add(key);
  return repeated;
}

function take(drafts: readonly EventDraft[], route: 'single' | 'bulk', acceptance: Acceptance): void {
  for (const draft of drafts) {
    if (acceptance.isLost()) acceptance.account.counts.lost += 1;
    else acceptance.account.accept(draft, route, acceptance.nowMs);
  }
}

function partialFailure(drafts: readonly EventDraft[], { account }: Acceptance): PartialFailure {
  if (!drafts.some((draft) => draft.profile.phoneDropped)) return {};
  account.counts.phonesDropped += 1;
  return { 'x-klaviyo-partial-failure': 'phone_number' };
}
