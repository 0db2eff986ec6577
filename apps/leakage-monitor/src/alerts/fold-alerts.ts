import type { Alert } from './alerts.api.ts';
import type { DetectedAlert } from './detect-alerts.ts';

/** What is kept of an alert between two looks; when people were last told is kept beside it. */
export type KeptAlert = Omit<Alert, 'lastToldAt'>;

/**
 * Folds what is wrong now into what was known. Pure. A cause that was not firing begins; one that is gone recovers;
 * one that holds keeps its beginning, with the words of now. Rules that could not be looked at keep their alerts.
 */
export function foldAlerts(
  known: readonly KeptAlert[],
  detected: readonly DetectedAlert[],
  now: Date,
  blindRules: ReadonlySet<string>,
): KeptAlert[] {
  const at = now.toISOString();
  const byCause = new Map(known.map((alert) => [alert.cause, alert]));
  const firing = detected.map((found): KeptAlert => {
    const before = byCause.get(found.cause);
    if (before?.state === 'firing') return { ...before, ...found };
    return { ...found, state: 'firing', since: at, recoveredAt: null, times: (before?.times ?? 0) + 1 };
  });
  const causes = new Set(firing.map(({ cause }) => cause));
  const others = known
    .filter(({ cause }) => !causes.has(cause))
    .map((alert): KeptAlert => {
      const isOver = alert.state === 'firing' && !blindRules.has(alert.rule);
      return isOver ? { ...alert, state: 'recovered', recoveredAt: at } : alert;
    });
  return [...firing, ...others];
}
