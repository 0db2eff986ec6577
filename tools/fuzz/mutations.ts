import fc from 'fast-check';

/** Values that break naive readers. */
const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, '', ' ', '\u0000', '\ud800', '__proto__', 'NaN', '1e999', '-0', '2026-02-30T25:61:00Z'],
    ...['0001-01-01T00:00:00Z', '+275760-09-13T00:00:00.001Z', 'a@b', `${'x'.repeat(70_000)}@example.org`],
    ...[0, -1, 1.005, 1e21, 5e-324, Number.MAX_SAFE_INTEGER, -Number.MAX_VALUE, [], {}],
  ),
  fc.jsonValue(),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

interface Cut {
  readonly where: number;
  readonly how: 'replace' | 'remove' | 'double' | 'wrap';
  readonly value: unknown;
}

const cuts: fc.Arbitrary<readonly Cut[]> = fc.array(
  fc.record({
    where: fc.nat({ max: 10_000 }),
    how: fc.constantFrom('replace', 'remove', 'double', 'wrap'),
    value: nasty,
  }),
  { minLength: 1, maxLength: 6 },
);

/** Documents that were sound once: some places of a sound one hold something else, are gone, or are there twice. */
export function mutated(sound: unknown): fc.Arbitrary<unknown> {
  const text = JSON.stringify(sound);
  return cuts.map((list) => list.reduce<unknown>(applyCut, JSON.parse(text)));
}

/** Texts that were sound once: cut off, with bytes changed, doubled, or other texts altogether. */
export function mutatedText(sound: string): fc.Arbitrary<string> {
  return fc.oneof(
    fc.nat({ max: sound.length }).map((length) => sound.slice(0, length)),
    fc
      .tuple(fc.nat({ max: sound.length }), fc.nat({ max: 40 }), fc.string({ unit: 'binary', maxLength: 40 }))
      .map(([at, length, text]) => sound.slice(0, at) + text + sound.slice(at + length)),
    fc.string({ unit: 'binary', maxLength: 500 }),
    fc.constant(`${sound}\n${sound}`),
  );
}

interface Place {
  readonly holder: object;
  readonly key: string;
}

function applyCut(document: unknown, { where, how, value }: Cut): unknown {
  const places = placesOf(document);
  const place = places[where % Math.max(places.length, 1)];
  if (place === undefined) return value;
  const { holder, key } = place;
  const before: unknown = Reflect.get(holder, key);
  if (how === 'remove') remove(holder, key);
  else if (how === 'double' && Array.isArray(before)) Reflect.set(holder, key, [...before, ...before]);
  else if (how === 'wrap') Reflect.set(holder, key, [before]);
  else Reflect.set(holder, key, value);
  return document;
}

/** JSON has no holes in its lists. */
function remove(holder: object, key: string): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
}

function placesOf(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ holder: value, key }, ...placesOf(inner)]);
}
