import { diff } from 'node:util';
import { nameMark, type Asset } from './klaviyo-assets-files.ts';

/** A segment or template as it is at Klaviyo now. */
export type RemoteAsset =
  | { readonly id: string; readonly kind: 'segment'; readonly name: string; readonly definition: unknown }
  | {
      readonly id: string;
      readonly kind: 'template';
      readonly name: string;
      readonly html: string;
      readonly text: string | null;
    };

/** Ids of what the command made in one account, by `<kind>/<key>`. */
export type RecordedIds = Readonly<Record<string, string>>;

export type AssetStep =
  | { readonly do: 'create'; readonly asset: Asset; readonly because: string }
  | { readonly do: 'update'; readonly asset: Asset; readonly id: string; readonly changes: readonly string[] }
  /** It is there as it should be, and only its id has to be written down. */
  | { readonly do: 'record'; readonly asset: Asset; readonly id: string }
  | { readonly do: 'nothing'; readonly asset: Asset; readonly id: string }
  | { readonly do: 'leave'; readonly title: string; readonly because: string };

export function recordKey({ kind, key }: Asset): string {
  return `${kind}/${key}`;
}

/**
 * What has to be done so that the account has what the files say. It names for a change only what the record says that
 * this command made and what still bears its mark; everything else stays, with the reason.
 */
export function planAssets(
  assets: readonly Asset[],
  remote: readonly RemoteAsset[],
  recorded: RecordedIds,
): readonly AssetStep[] {
  const wanted = new Set(assets.map(recordKey));
  const forgotten = Object.entries(recorded)
    .filter(([key]) => !wanted.has(key))
    .map(([key, id]): AssetStep => ({
      do: 'leave',
      title: `${key} (${id})`,
      because: 'it is no longer in the files; nothing is ever deleted, do it at Klaviyo if it is not in use',
    }));
  return [...assets.map((asset) => planAsset(asset, remote, recorded[recordKey(asset)])), ...forgotten];
}

function planAsset(asset: Asset, remote: readonly RemoteAsset[], id: string | undefined): AssetStep {
  const title = `${asset.kind} "${asset.name}"`;
  const known = remote.find((each) => each.kind === asset.kind && each.id === id);
  if (known === undefined) {
    const namesake = remote.find((each) => each.kind === asset.kind && each.name === asset.name);
    if (namesake === undefined) {
      const because = id === undefined ? 'it is new' : `${id}, made earlier, is gone from the account`;
      return { do: 'create', asset, because };
    }
    // A run that was cut off after Klaviyo had made it leaves exactly this behind.
    if (changesOf(asset, namesake).length === 0) return { do: 'record', asset, id: namesake.id };
    const because = `${namesake.id} has this name and is not in the record of what this command made; rename or delete it`;
    return { do: 'leave', title, because };
  }
  if (!known.name.includes(nameMark)) {
    const because = `somebody renamed ${known.id} to "${known.name}", without the mark ${nameMark}: it is theirs now`;
    return { do: 'leave', title, because };
  }
  const changes = changesOf(asset, known);
  if (changes.length === 0) return { do: 'nothing', asset, id: known.id };
  return { do: 'update', asset, id: known.id, changes };
}

/** The lines that differ, as `- there` and `+ in the files`; none when both say the same. */
function changesOf(asset: Asset, remote: RemoteAsset): readonly string[] {
  const texts = (each: Asset | RemoteAsset): string[] =>
    each.kind === 'segment'
      ? [each.name, JSON.stringify(plain(each.definition), null, 2)]
      : [each.name, lineEnds(each.html), lineEnds(each.text ?? '')];
  const [there, wanted] = [texts(remote), texts(asset)].map((parts) => parts.join('\n').split('\n'));
  // For util.diff, 1 is a line of the first only.
  return diff(there ?? [], wanted ?? [])
    .filter(([operation]) => operation !== 0)
    .map(([operation, line]) => `${operation === 1 ? '-' : '+'} ${line}`);
}

function lineEnds(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}

/** Klaviyo may answer with members that are null and in another order. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, each]) => [key, plain(each)]),
  );
}

/** The plan for people: what would change, line by line, and what is left alone and why. */
export function describePlan(steps: readonly AssetStep[]): string {
  return steps.map(describeStep).join('\n');
}

function describeStep(step: AssetStep): string {
  if (step.do === 'leave') return `! ${step.title}: not touched, ${step.because}`;
  const title = `${step.asset.kind} "${step.asset.name}"`;
  switch (step.do) {
    case 'create':
      return `+ ${title}: create, ${step.because}`;
    case 'update':
      return [`~ ${title}: change ${step.id}`, ...step.changes.map((line) => `    ${line}`)].join('\n');
    case 'record':
      return `= ${title}: is there already as ${step.id}, its id is written down`;
    case 'nothing':
      return `= ${title}: as it should be`;
  }
}
