import { List, Text } from '@mantine/core';
import type { BulkResult } from '../api/model.ts';
import type { CommandPreview } from '../commands/command-dialog.tsx';
import { formatCount, formatSums } from '../display/format.ts';

const VERBS = { accept: 'are accepted', replay: 'run again', snooze: 'are put aside' } as const;

/** "412 selected: 390 run again, 22 stay because …". */
export function previewOfBulk(verb: keyof typeof VERBS, result: BulkResult): CommandPreview {
  return {
    isImpossible: result.changed === 0,
    sentence: (
      <>
        <Text size="sm" fw={600} className="figures">
          {formatCount(result.selected)} selected: {formatCount(result.changed)} {VERBS[verb]}
          {verb === 'replay' ? `, ${formatCount(result.commands)} commands are sent` : ''}
        </Text>
        <List size="sm" mt={4}>
          {result.groups.map(({ reason, marketplaceId, exceptions, money }) => (
            <List.Item key={`${reason}|${marketplaceId}`} className="figures">
              {formatCount(exceptions)} × <code>{reason}</code>
              {marketplaceId === null ? '' : ` at ${marketplaceId}`}, {formatSums(money)}
            </List.Item>
          ))}
          {result.left.map(({ why, exceptions }) => (
            <List.Item key={why} className="figures">
              {formatCount(exceptions)} stay as they are: {why}
            </List.Item>
          ))}
        </List>
      </>
    ),
  };
}
