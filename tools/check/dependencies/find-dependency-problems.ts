import { at, isRecord } from '../kubernetes/manifest.ts';

/** Package names that the manifests list for any purpose, without our own and the types of others. */
export function directDependencies(manifests: readonly unknown[]): ReadonlySet<string> {
  const names = manifests.flatMap((manifest) =>
    ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((field) => {
      const listed = at(manifest, field);
      return isRecord(listed) ? Object.keys(listed) : [];
    }),
  );
  return new Set(names.filter((name) => !/^@watertight\/|^@types\//.test(name)));
}

/** Packages that the page does not explain, and rows of the page about packages that nobody uses. */
export function findUnexplained(direct: ReadonlySet<string>, page: string): readonly string[] {
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|'));
  const explained = new Set(
    rows
      // Rows with a reason and a replacement; the table about kafkajs has other columns.
      .filter((cells) => (cells[2] ?? '').trim() !== '' && (cells[3] ?? '').trim() !== '')
      .flatMap((cells) => [...(cells[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '')),
  );
  return [
    ...[...direct].filter((name) => !explained.has(name)).map((name) => `${name} has no line on the page`),
    ...[...explained]
      .filter((name) => !direct.has(name) && !name.endsWith('.ts'))
      .map((name) => `${name} is on the page and in no package.json`),
  ];
}

/** Versions must be exact: an install next year gives the same code. */
export function findLooseVersions(manifests: readonly unknown[]): readonly string[] {
  return manifests.flatMap((manifest) =>
    ['dependencies', 'devDependencies'].flatMap((field) =>
      Object.entries(at(manifest, field) ?? {}).flatMap(([name, version]) =>
        /^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(String(version))
          ? []
          : [`${String(at(manifest, 'name'))}: ${name} has the loose version ${String(version)}`],
      ),
    ),
  );
}

/** Licences of code that we may ship in an image without giving anything away. */
const ALLOWED = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
];

/** Packages whose package.json names none; someone has read their licence file. */
const READ_BY_HAND: Readonly<Record<string, string>> = { 'png-js': 'MIT (its LICENSE file)' };

/** What ships (not development packages) under a licence that is not on the list. */
export function findLicenceProblems(lock: unknown): readonly string[] {
  const packages = at(lock, 'packages');
  if (!isRecord(packages)) return ['the lock file lists no packages'];
  return Object.entries(packages).flatMap(([place, entry]) => {
    if (!place.includes('node_modules/') || at(entry, 'link') === true) return [];
    if (at(entry, 'dev') === true || at(entry, 'devOptional') === true) return [];
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = at(entry, 'license');
    if (typeof licence !== 'string') return name in READ_BY_HAND ? [] : [`${name} names no licence`];
    return isAllowed(licence) ? [] : [`${name} is under ${licence}`];
  });
}

/** Packages that an install cannot hold against a checksum, or that come from elsewhere than a registry over TLS. */
export function findUnverifiable(lock: unknown): readonly string[] {
  const packages = at(lock, 'packages');
  if (!isRecord(packages)) return ['the lock file lists no packages'];
  return Object.entries(packages).flatMap(([place, entry]) => {
    const isOurs = !place.includes('node_modules/') || at(entry, 'link') === true;
    // What is packed inside another package is covered by the checksum of that one.
    if (isOurs || at(entry, 'inBundle') === true) return [];
    const [from, integrity] = [at(entry, 'resolved'), String(at(entry, 'integrity'))];
    // Without a place it comes from the registry that npm is set up for.
    const isRegistry = from === undefined || /^https:\/\/[^?#]+\.tgz$/.test(String(from));
    return [
      ...(integrity.startsWith('sha512-') ? [] : [`${place} has no sha512 checksum`]),
      ...(isRegistry ? [] : [`${place} does not come from a registry over TLS`]),
    ];
  });
}

/** `(MIT OR X)`: one of them is enough. `MIT AND Zlib`: all of them hold. */
function isAllowed(licence: string): boolean {
  const plain = licence.replaceAll(/[()]/g, '');
  return plain
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => ALLOWED.includes(part.trim())));
}
