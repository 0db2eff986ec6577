import { Topics } from '@watertight/contracts';
import { at, listAt, type Manifest, titleOf } from './manifest.ts';

/** The one principal that may write commands: everyone else's are forged. */
const COMMANDER = 'leakage-monitor';
/** Groups that are made for one reading and hold nothing: the only resources that are named by their beginning. */
const READING_GROUPS: ReadonlySet<string> = new Set([`${COMMANDER}.reader-`, 'whole-']);

/** Least privilege: every right names one resource, nobody may do everything, and only the monitor commands. */
export function findAclProblems(manifest: Manifest): readonly string[] {
  if (manifest.kind !== 'KafkaUser') return [];
  const title = titleOf(manifest);
  const says = (ok: boolean, problem: string): string[] => (ok ? [] : [`${title}: ${problem}`]);
  const acls = listAt(manifest, 'spec', 'authorization', 'acls');
  return [
    ...says(
      at(manifest, 'spec', 'authentication', 'type') === 'scram-sha-512',
      'signs in without scram-sha-512',
    ),
    ...says(at(manifest, 'spec', 'authorization', 'type') === 'simple', 'has no authorisation'),
    ...says(acls.length > 0, 'has no rights listed'),
    ...acls.flatMap((acl) => {
      const name = String(at(acl, 'resource', 'name'));
      const operations = listAt(acl, 'operations').map(String);
      const isReading = at(acl, 'resource', 'type') === 'group' && READING_GROUPS.has(name);
      const writes = operations.some((operation) => ['Write', 'All'].includes(operation));
      return [
        ...says(
          !name.includes('*') &&
            (at(acl, 'resource', 'patternType') === 'literal' ||
              (isReading && manifest.metadata.name === COMMANDER)),
          `has a right on more than one resource (${name})`,
        ),
        ...says(at(acl, 'resource', 'type') !== 'cluster', 'has a right on the cluster'),
        ...says(
          !operations.some(
            (operation) =>
              ['All', 'Alter', 'AlterConfigs', 'Create'].includes(operation) ||
              (operation === 'Delete' && !isReading),
          ),
          `may do more than read and write (${operations.join(', ')} on ${name})`,
        ),
        ...says(
          !(writes && name === Topics.commands.name) || manifest.metadata.name === COMMANDER,
          'may write commands',
        ),
        ...says(manifest.metadata.name !== 'subscriber' || !writes, `is for readers and may write (${name})`),
      ];
    }),
  ];
}

/** A right in comparable words. */
function wordsOf(acl: unknown): string {
  const operations = listAt(acl, 'operations').map(String).sort().join(', ');
  const pattern = at(acl, 'resource', 'patternType') === 'prefix' ? ' (prefix)' : '';
  return `${operations} on ${String(at(acl, 'resource', 'type'))} ${String(at(acl, 'resource', 'name'))}${pattern}`;
}

/** Where the rights of a principal are not those that its code needs, one too many being as bad as one too few. */
export function findAclDifferences(
  objects: readonly Manifest[],
  needed: ReadonlyMap<string, readonly unknown[]>,
): readonly string[] {
  const users = objects.filter(({ kind }) => kind === 'KafkaUser');
  // An overlay without Strimzi has no principals at all.
  if (users.length === 0) return [];
  const given = new Map(users.map((user) => [user.metadata.name, user]));
  return [...new Set([...needed.keys(), ...given.keys()])].flatMap((name) => {
    const has = new Set(listAt(given.get(name), 'spec', 'authorization', 'acls').map(wordsOf));
    const needs = new Set((needed.get(name) ?? []).map(wordsOf));
    return [
      ...[...needs].filter((right) => !has.has(right)).map((right) => `KafkaUser/${name}: lacks ${right}`),
      ...[...has]
        .filter((right) => !needs.has(right))
        .map((right) => `KafkaUser/${name}: has ${right}, which its code does not need`),
    ];
  });
}
