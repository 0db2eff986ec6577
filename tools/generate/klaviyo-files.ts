import {
  LISTS_CUT_PROPERTY,
  PROFILE_PROPERTIES,
} from '../../apps/klaviyo-writer/src/klaviyo/profile-properties.ts';
import type { GeneratedFiles } from './contract-files.ts';

/** What marketers find on a profile in Klaviyo. */
export function klaviyoFiles(): GeneratedFiles {
  const rows = PROFILE_PROPERTIES.map(
    ({ name, type, meaning, exampleSegment }) => `| \`${name}\` | ${type} | ${meaning} | ${exampleSegment} |`,
  );
  const page = [
    '# Profile properties in Klaviyo',
    '',
    'Generated from `apps/klaviyo-writer/src/klaviyo/profile-properties.ts`.',
    '',
    'Flat and segmentable. Attributes of marketplaces.yaml with `on: profile` come beside them, under the names given there.',
    '',
    '| property | type | meaning | example segment |',
    '|---|---|---|---|',
    ...rows,
    `| \`${LISTS_CUT_PROPERTY}\` | boolean | The oldest entries of the lists were left out to keep the profile under Klaviyo's 100 KB | ${LISTS_CUT_PROPERTY} is true |`,
    '',
  ].join('\n');
  return new Map([['docs/generated/klaviyo-properties.md', page]]);
}
