import { answerOf, http } from '../api/client.ts';
import type { BulkResult, ExceptionItem } from '../api/model.ts';
import type { ExceptionFilter } from './exception-filter.ts';

/** What is to be changed: rows that were ticked, or everything that a filter lets through. */
export type Selection =
  | { readonly rows: readonly ExceptionItem[] }
  | { readonly filter: ExceptionFilter; readonly exceptions: number };

/** As many as the API takes by their ids, and as many as can be taken back. */
const IDS_MAX = 1_000;
/** Each one is opened again by a call of its own. */
const REOPEN_MAX = 200;
const PAGE = '200';

interface Named {
  readonly ids: string[];
  readonly rows: readonly ExceptionItem[];
}

/** The single exceptions of a selection; undefined when there are too many to be named one by one. */
async function nameAll(selection: Selection): Promise<Named | undefined> {
  if ('rows' in selection) return { ids: selection.rows.map(({ id }) => id), rows: selection.rows };
  if (selection.exceptions > IDS_MAX) return undefined;
  const rows: ExceptionItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await answerOf(
      http.GET('/exceptions', {
        params: { query: { ...selection.filter, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } },
      }),
    );
    rows.push(...page.exceptions);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && rows.length < IDS_MAX);
  return cursor === undefined ? { ids: rows.map(({ id }) => id), rows } : undefined;
}

export interface Changed {
  readonly result: BulkResult;
  /** Takes it back; undefined when there were too many to know how each one was before. */
  readonly undo: (() => Promise<void>) | undefined;
}

/** Gives them to somebody, or back with null. Undo gives each to whom it was before. */
export async function assignAll(selection: Selection, assignee: string | null): Promise<Changed> {
  const named = await nameAll(selection);
  const result = await answerOf(
    http.POST('/exceptions/bulk/assign', { body: { ...target(selection, named), assignee } }),
  );
  return { result, undo: named === undefined ? undefined : () => assignAsBefore(named.rows) };
}

async function assignAsBefore(rows: readonly ExceptionItem[]): Promise<void> {
  const byAssignee = Map.groupBy(rows, ({ assignee }) => assignee);
  for (const [assignee, group] of byAssignee) {
    await http.POST('/exceptions/bulk/assign', { body: { ids: group.map(({ id }) => id), assignee } });
  }
}

/** Leaves the gaps as they are, with a reason. Undo opens each again. */
export async function acceptAll(selection: Selection, why: string): Promise<Changed> {
  const named = await nameAll(selection);
  const result = await answerOf(
    http.POST('/exceptions/bulk/accept', { body: { ...target(selection, named), why } }),
  );
  return { result, undo: undoByReopening(named) };
}

function undoByReopening(named: Named | undefined): Changed['undo'] {
  if (named === undefined || named.rows.length > REOPEN_MAX) return undefined;
  return () => reopenAll(named.rows);
}

async function reopenAll(rows: readonly ExceptionItem[]): Promise<void> {
  for (const { id, state } of rows) {
    if (state === 'accepted') continue;
    await http.POST('/exceptions/{id}/reopen', {
      params: { path: { id } },
      body: { why: 'Accepted by mistake' },
    });
  }
}

/** Puts them aside until a day. Undo opens each again. */
export async function snoozeAll(selection: Selection, until: string, why: string): Promise<Changed> {
  const named = await nameAll(selection);
  const result = await answerOf(
    http.POST('/exceptions/bulk/snooze', { body: { ...target(selection, named), until, why } }),
  );
  return { result, undo: undoByReopening(named) };
}

/** Runs the failed step of each again, once. */
export async function replayAll(selection: Selection, why: string, force: boolean): Promise<BulkResult> {
  const named = await nameAll(selection);
  return answerOf(
    http.POST('/exceptions/bulk/replay', { body: { ...target(selection, named), why, force } }),
  );
}

type Verb = 'accept' | 'replay' | 'snooze';

/** What would happen; changes nothing. */
export async function previewAll(verb: Verb, selection: Selection, why: string): Promise<BulkResult> {
  const named = await nameAll(selection);
  const body = { ...target(selection, named), why, preview: true };
  if (verb === 'accept') return answerOf(http.POST('/exceptions/bulk/accept', { body }));
  if (verb === 'replay') return answerOf(http.POST('/exceptions/bulk/replay', { body }));
  const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  return answerOf(http.POST('/exceptions/bulk/snooze', { body: { ...body, until } }));
}

function target(selection: Selection, named: Named | undefined) {
  if (named !== undefined) return { ids: named.ids };
  if ('rows' in selection) return { ids: selection.rows.map(({ id }) => id) };
  return { filter: selection.filter, expected: selection.exceptions };
}
