import type { Clock } from '@watertight/service';
import { MiraklError } from '../mirakl/mirakl-errors.ts';
import type { MiraklSource, OrderExports, OrderPage } from '../mirakl/mirakl-source.ts';
import { AT_EXPORT, AT_LISTING, type SlicePosition } from './backfill.ts';
import type { Slice } from './plan-slices.ts';

export interface SliceStep {
  /** Null when only the place has moved on. */
  readonly page: OrderPage | null;
  /** Where the reading stands once the page has been captured. */
  readonly position: SlicePosition;
  /** The slice is read from its beginning again: what was counted of it before is counted anew. */
  readonly isRestart: boolean;
  /** The page is a picture of the moment the export was made. */
  readonly isOld: boolean;
}

export interface SliceParts {
  readonly source: MiraklSource;
  readonly clock: Clock;
  /** Says what is waited for. */
  readonly waitsFor: (what: string) => Promise<void>;
}

type Steps<R> = AsyncGenerator<SliceStep, R, undefined>;

/** Exports that end without files, per slice, before the orders are listed instead. */
const EXPORTS_MAX = 2;
/** Refusals that may mean "another export of this shop is under way" before the orders are listed instead. */
const REFUSALS_MAX = 5;

/**
 * The orders of a slice, page by page, from where an earlier reading stood: by an export, which Mirakl recommends for
 * much, or by listing them where the export is refused or does not come. Throws MiraklError as the source does; the
 * next reading goes on from the last position.
 */
export async function* readSlice(
  slice: Slice,
  from: SlicePosition,
  parts: SliceParts,
  signal: AbortSignal,
): Steps<void> {
  const { exports } = parts.source;
  let position = from;
  if (position.route === 'export') {
    const isRead = exports !== null && (yield* readExport(slice, position, { ...parts, exports }, signal));
    if (isRead) return;
    position = AT_LISTING;
    yield { page: null, position, isRestart: true, isOld: false };
  }
  yield* listSlice(slice, position, parts, signal);
}

async function* listSlice(
  { since, until }: Slice,
  from: SlicePosition,
  { source }: SliceParts,
  signal: AbortSignal,
): Steps<void> {
  let cursor = from.cursor;
  do {
    const page = await source.readOrdersCreated(since, until, cursor, signal);
    cursor = page.next;
    yield { page, position: { ...AT_LISTING, cursor }, isRestart: false, isOld: false };
  } while (cursor !== null);
}

type ExportParts = SliceParts & { readonly exports: OrderExports };

/** True when every file has been read; false when there are none to be had. */
async function* readExport(
  slice: Slice,
  from: SlicePosition,
  parts: ExportParts,
  signal: AbortSignal,
): Steps<boolean> {
  let position = from;
  for (let made = 0; made < EXPORTS_MAX; made += 1) {
    if (position.trackingId === null) {
      const trackingId = await createExport(slice, parts, signal);
      if (trackingId === null) return false;
      position = { ...AT_EXPORT, trackingId };
      yield { page: null, position, isRestart: true, isOld: true };
    }
    const files = await filesOf(position.trackingId ?? '', parts, signal);
    if (files !== null) {
      yield* readFiles(files, position, parts, signal);
      return true;
    }
    position = AT_EXPORT;
  }
  return false;
}

async function* readFiles(
  files: readonly string[],
  from: SlicePosition,
  { exports }: ExportParts,
  signal: AbortSignal,
): Steps<void> {
  let position = from;
  for (const file of files.slice(from.file)) {
    for await (const page of exports.read(file, position.done, signal)) {
      position = { ...position, done: position.done + page.orders.length };
      yield { page, position, isRestart: false, isOld: true };
    }
    position = { ...position, file: position.file + 1, done: 0 };
    yield { page: null, position, isRestart: false, isOld: true };
  }
}

/** The tracking id; null where this shop gets no export. */
async function createExport(
  { since, until }: Slice,
  { exports, clock, waitsFor }: ExportParts,
  signal: AbortSignal,
): Promise<string | null> {
  for (let refusals = 0; refusals < REFUSALS_MAX; refusals += 1) {
    try {
      return await exports.create(since, until, signal);
    } catch (error) {
      if (!(error instanceof MiraklError) || error.isPassing) throw error;
      // Only a 400 may be about the export that is under way (one at a time per shop); the rest does not pass.
      if (error.status !== 400) return null;
    }
    await waitsFor('Mirakl refuses an export, perhaps because another one of this shop is under way');
    await clock.sleep(exports.afterRefusalMs, signal);
    signal.throwIfAborted();
  }
  return null;
}

async function filesOf(
  trackingId: string,
  { exports, clock, waitsFor }: ExportParts,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  for (;;) {
    const status = await exports.status(trackingId, signal);
    if (status.state === 'ready') return status.files;
    if (status.state === 'ended_without_files') return null;
    await waitsFor('Mirakl makes the files of the export');
    await clock.sleep(exports.statusEveryMs, signal);
    signal.throwIfAborted();
  }
}
