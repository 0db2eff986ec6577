import { PROFILE_PROPERTIES } from '../../apps/klaviyo-writer/src/klaviyo/profile-properties.ts';
import type { Asset, SegmentAsset, TemplateAsset } from './klaviyo-assets-files.ts';

/** Types of filter that fit a property of the writer's list. */
const filterTypes: Readonly<Record<string, string>> = {
  number: 'numeric',
  text: 'string',
  list: 'list',
  date: 'date',
  boolean: 'boolean',
};

/**
 * Names in the assets that the writer does not write, and filters that do not fit the type of what it writes.
 * `eventProperties` are the names on order events, `itemProperties` those on the entries of `Items`.
 */
export function nameProblems(
  assets: readonly Asset[],
  eventProperties: ReadonlySet<string>,
  itemProperties: ReadonlySet<string>,
): readonly string[] {
  return assets.flatMap((asset) =>
    asset.kind === 'segment'
      ? segmentProblems(asset)
      : templateProblems(asset, eventProperties, itemProperties),
  );
}

/** The same for segments alone; the command checks it before it calls Klaviyo. */
export function segmentProblems(asset: SegmentAsset): readonly string[] {
  return conditionsIn(asset.definition).flatMap(({ property, filterType }) => {
    const [, name] = /^properties\['(.+)'\]$/.exec(property) ?? [];
    const known = PROFILE_PROPERTIES.find((each) => each.name === name);
    if (known === undefined) return [`${asset.key}: ${property} is no property that klaviyo-writer writes`];
    const wanted = filterTypes[known.type];
    return filterType === wanted || filterType === 'existence'
      ? []
      : [`${asset.key}: ${known.name} is a ${known.type}, its filter must be ${wanted}, not ${filterType}`];
  });
}

function templateProblems(
  asset: TemplateAsset,
  eventProperties: ReadonlySet<string>,
  itemProperties: ReadonlySet<string>,
): readonly string[] {
  const namesAfter = (word: string): string[] =>
    [...`${asset.html}\n${asset.text}`.matchAll(new RegExp(`\\b${word}\\.(\\w+)`, 'g'))].flatMap(
      ([, name]) => name ?? [],
    );
  const unknown = (word: string, known: ReadonlySet<string>): string[] =>
    [...new Set(namesAfter(word))]
      .filter((name) => !known.has(name))
      .map((name) => `${asset.key}: ${word}.${name} is on no event that klaviyo-writer sends`);
  return [...unknown('event', eventProperties), ...unknown('item', itemProperties)];
}

interface Condition {
  readonly property: string;
  readonly filterType: string;
}

function conditionsIn(value: unknown): readonly Condition[] {
  if (Array.isArray(value)) return value.flatMap(conditionsIn);
  if (typeof value !== 'object' || value === null) return [];
  if ('property' in value && typeof value.property === 'string') {
    const filter = 'filter' in value ? value.filter : undefined;
    const type = typeof filter === 'object' && filter !== null && 'type' in filter ? filter.type : undefined;
    return [{ property: value.property, filterType: String(type) }];
  }
  return Object.values(value).flatMap(conditionsIn);
}
