import type { FactOutcome, Outcome, Sighting } from '@watertight/contracts';
import type { SourceStatement } from '../reconcile/source-state.ts';

/** What a stage says that is neither about the fate of one order nor about polls and counts of a source. */
export type StageWord = Exclude<Outcome, FactOutcome | Sighting | SourceStatement>;

/**
 * What the word is about: of one kind and subject the newest word holds. Where the outcome's id ends with the time at
 * which it was said, the subject is what stands before it.
 */
export function subjectOf(word: StageWord): string {
  switch (word.kind) {
    case 'backfill':
      return word.backfillId;
    case 'marketplace_settings':
    case 'field_coverage':
    case 'delivery_state':
      return word.outcomeId.replace(/:\d{4}-\d{2}-\d{2}T[\d:.]+Z$/, '');
    case 'day_count':
    case 'unknown_value':
    case 'transaction':
    case 'metric_count':
    case 'erasure_receipt':
    case 'finding':
      return word.outcomeId;
  }
}

export function marketplaceOfWord(word: StageWord): string | null {
  return 'marketplaceId' in word ? word.marketplaceId : null;
}
