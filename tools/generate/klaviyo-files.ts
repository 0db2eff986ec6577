import {
  LISTS_CUT_MEANING,
  LISTS_CUT_PROPERTY,
  PROFILE_PROPERTIES,
} from '../../apps/klaviyo-writer/src/klaviyo/profile-properties.ts';
import { eventPropertyNames } from '../check/event-property-names.ts';
import type { GeneratedFiles } from './contract-files.ts';

/** What marketers find in Klaviyo: every property of profiles and events that klaviyo-writer writes. */
export function klaviyoFiles(): GeneratedFiles {
  const { event, item } = eventPropertyNames();
  const profileRows = PROFILE_PROPERTIES.map(
    ({ name, type, meaning, exampleSegment }) => `| \`${name}\` | ${type} | ${meaning} | ${exampleSegment} |`,
  );
  const list = (names: ReadonlySet<string>): string =>
    [...names]
      .sort()
      .map((name) => `\`${name}\``)
      .join(', ');
  const page = [
    '# Properties in Klaviyo',
    '',
    'Generated from the code of klaviyo-writer.',
    '',
    '## On profiles',
    '',
    'Flat, so that segments can use them. Sums are in the reporting currency.',
    '',
    '| property | type | meaning | in a segment |',
    '|---|---|---|---|',
    ...profileRows,
    `| \`${LISTS_CUT_PROPERTY}\` | boolean | ${LISTS_CUT_MEANING} | (none) |`,
    '',
    '## On events',
    '',
    `On order events, each where it applies: ${list(event)}. Beside them the names that the policy maps under \`attributes\`.`,
    '',
    `On each entry of \`Items\`, and on \`Ordered Product\`: ${list(item)}.`,
    '',
    'How they follow from the order: [order](../flows/order/data-mapping.md), [refund](../flows/refund/data-mapping.md).',
    '',
  ].join('\n');
  return new Map([['docs/generated/klaviyo-properties.md', page]]);
}
