/** The instants at which a crash is tried: before and after each step of the way of an order. */
export const CRASH_POINTS = [
  'ingest.page_read',
  'ingest.page_published',
  'ingest.page_recorded',
  'ingest.watermark_moved',
  'mapper.batch_taken',
  'mapper.batch_stored',
  'mapper.batch_published',
  'writer.batch_admitted',
  'writer.claimed',
  'writer.sent',
  'writer.marked_accepted',
  'writer.outcomes_said',
  'writer.read_back',
  'writer.verified',
  'monitor.batch_taken',
  'monitor.batch_folded',
  'kafka.offsets_committed',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];
