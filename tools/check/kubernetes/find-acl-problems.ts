import { Topics } from '@watertight/contracts';
import { at, listAt, type Manifest, titleOf } from './manifest.ts';

/** The one principal that may write commands: everyone else's are forged. */
const COMMANDER = 'leakage-monitor';

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
      const writes = operations.some((operation) => ['Write', 'All'].includes(operation));
      return [
        ...says(
          !name.includes('*') && at(acl, 'resource', 'patternType') === 'literal',
          `has a right on more than one resource (${name})`,
        ),
        ...says(at(acl, 'resource', 'type') !== 'cluster', 'has a right on the cluster'),
        ...says(
          !operations.some((operation) =>
            ['All', 'Alter', 'AlterConfigs', 'Delete', 'Create'].includes(operation),
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
