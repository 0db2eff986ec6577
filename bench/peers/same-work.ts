/** What the double has stored: by metric and unique id, everything else of the event in a fixed form. */
export type SentEvents = ReadonlyMap<string, string>;

/** How many differences are told. */
const TOLD_MAX = 5;

/** Reads what the double stored. The double has to keep events in full. */
export async function sentEvents(sandboxUrl: string): Promise<SentEvents> {
  const response = await fetch(`${sandboxUrl}/sandbox/klaviyo/events`);
  const events: unknown = await response.json();
  if (!Array.isArray(events)) throw new TypeError('the double lists no events');
  return readSentEvents(events);
}

export function readSentEvents(events: readonly unknown[]): SentEvents {
  return new Map(
    events.map((event): [string, string] => {
      const field = (name: string): unknown => Reflect.get(Object(event), name);
      const names = ['email', 'time', 'value', 'currency', 'backfill', 'profileProperties', 'properties'];
      const sent = Object.fromEntries(names.map((name) => [name, field(name)]));
      return [`${String(field('metric'))}|${String(field('uniqueId'))}`, inFixedForm(sent)];
    }),
  );
}

/** What tells that two programs did not do the same work; empty when they did. */
export function differencesOf(ours: SentEvents, theirs: SentEvents): readonly string[] {
  const missing = [...ours.keys()].filter((key) => !theirs.has(key)).map((key) => `${key} is missing`);
  const strange = [...theirs.keys()].filter((key) => !ours.has(key)).map((key) => `only they sent ${key}`);
  const changed = [...ours].flatMap(([key, text]) => {
    const other = theirs.get(key);
    return other === undefined || other === text ? [] : [`${key}:\n  ours   ${text}\n  theirs ${other}`];
  });
  return [...missing, ...strange, ...changed].slice(0, TOLD_MAX);
}

/** The order of members says nothing. */
function inFixedForm(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}
