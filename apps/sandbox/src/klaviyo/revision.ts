import { KlaviyoRefusal } from './klaviyo-errors.ts';

/** Newest first. A revision is stable for a year and deprecated for another; then it is retired. */
const knownRevisions = [
  '2026-07-15',
  '2026-04-15',
  '2026-01-15',
  '2025-10-15',
  '2025-07-15',
  '2025-04-15',
  '2025-01-15',
  '2024-10-15',
];

const oldestLiving = '2024-10-15';

/** The first revision in which `backfill` is read; before it the attribute is unknown. */
const backfillSince = '2026-07-15';

export interface Revision {
  readonly readsBackfill: boolean;
}

/**
 * Checks the `revision` header. An unknown or retired revision silently falls forward to a living one, unless the
 * caller opted out: then a retired one is gone (410) and an unknown one is wrong (400). Throws `KlaviyoRefusal`.
 */
export function readRevision(revision: string | undefined, optedOut: boolean): Revision {
  if (revision === undefined || revision === '') {
    throw refused(400, 'invalid', 'The revision header is required.');
  }
  if (!/^\d{4}-\d{2}-\d{2}(?:\.[a-z]+)?$/.test(revision)) {
    throw refused(400, 'invalid', 'The revision header must have the form YYYY-MM-DD[.suffix].');
  }
  if (knownRevisions.includes(revision)) return { readsBackfill: revision >= backfillSince };
  if (!optedOut) return { readsBackfill: revision >= backfillSince };
  if (revision < oldestLiving) throw refused(410, 'revision_retired', 'This revision of the API is retired.');
  throw refused(400, 'invalid', 'This revision of the API is not known.');
}

function refused(status: 400 | 410, code: string, detail: string): KlaviyoRefusal {
  const title = status === 410 ? 'Gone.' : 'Invalid input.';
  return new KlaviyoRefusal(status, [{ code, title, detail, source: { header: 'revision' } }]);
}
