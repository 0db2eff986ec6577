import type { components } from '../api/schema.d.ts';
import { formatMoment } from '../display/format.ts';
import type { CommandPreview } from './command-dialog.tsx';

/** The reason that goes with a question only: a preview changes nothing and is kept nowhere. */
export const PREVIEW_WHY = 'Preview in the console';

/** What the preview of a repair says to a person. */
export function previewOfRepair(repair: components['schemas']['RepairPreview']): CommandPreview {
  return {
    sentence:
      repair.stage === null ? repair.sentence : `${repair.sentence} (only the step in ${repair.stage} runs)`,
    isImpossible: repair.what === null && repair.alreadyReplayedAt === null,
    doneBefore:
      repair.alreadyReplayedAt === null
        ? undefined
        : `It was replayed on ${formatMoment(repair.alreadyReplayedAt)}.`,
  };
}
