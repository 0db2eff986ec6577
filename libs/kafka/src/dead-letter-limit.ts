export interface DeadLetterLimitSettings {
  /** The ratio is taken over this many of the newest messages of the lane. */
  readonly windowMessages: number;
  /** Below this many messages the ratio says nothing yet. */
  readonly minMessages: number;
  /** More dead letters than this share of the window are a storm: 0.25 is a quarter. */
  readonly maxRatio: number;
  /** More dead letters in a row than this are a storm. */
  readonly maxRun: number;
  /** After this many milliseconds of pause one message is tried; null waits for a restart of the service. */
  readonly trialAfterMs: number | null;
}

export const DEFAULT_DEAD_LETTER_LIMIT: DeadLetterLimitSettings = {
  windowMessages: 500,
  minMessages: 100,
  maxRatio: 0.25,
  maxRun: 50,
  trialAfterMs: 60_000,
};

export type Permit =
  | { readonly kind: 'all' }
  /** One message only: it decides whether the lane flows again. */
  | { readonly kind: 'one' }
  /** `forMs` is null when only a restart ends the pause. */
  | { readonly kind: 'wait'; readonly forMs: number | null };

export type Verdict =
  | { readonly kind: 'go' }
  /** Divert nothing, commit nothing, take the same messages again later. */
  | { readonly kind: 'pause'; readonly forMs: number | null };

/** While another partition of the lane has the trial message in hand, the others ask again after this time. */
const TRIAL_WAIT_MS = 1_000;

type State =
  | { readonly kind: 'flowing' }
  | { readonly kind: 'paused'; readonly trialAtMs: number | null }
  | { readonly kind: 'trial' };

/** The newest messages of a lane in the order they were taken, true for a dead one, and how many end it in a row. */
interface Recent {
  readonly dead: readonly boolean[];
  readonly run: number;
}

const NOTHING: Recent = { dead: [], run: 0 };

/**
 * How much of one lane may go to dead letters before the lane pauses instead. After a bad deployment, lag is better
 * than diverting everything: lag is made up for by itself, dead letters by hand. No clock and no I/O in here.
 */
export class DeadLetterLimit {
  readonly #settings: DeadLetterLimitSettings;
  #recent = NOTHING;
  #state: State = { kind: 'flowing' };

  constructor(settings: DeadLetterLimitSettings) {
    this.#settings = settings;
  }

  get isPaused(): boolean {
    return this.#state.kind !== 'flowing';
  }

  /** Asked before each slice. */
  permit(nowMs: number): Permit {
    const state = this.#state;
    if (state.kind === 'flowing') return { kind: 'all' };
    if (state.kind === 'trial') return { kind: 'wait', forMs: TRIAL_WAIT_MS };
    if (state.trialAtMs === null) return { kind: 'wait', forMs: null };
    if (nowMs < state.trialAtMs) return { kind: 'wait', forMs: state.trialAtMs - nowMs };
    this.#state = { kind: 'trial' };
    return { kind: 'one' };
  }

  /**
   * Asked after each slice and before anything of it is diverted: one entry per message in the order of the offsets,
   * true for a dead one.
   */
  judge(dead: readonly boolean[], nowMs: number): Verdict {
    if (!dead.includes(true)) return { kind: 'go' };
    if (this.#state.kind !== 'trial' && !this.#isStorm(dead)) return { kind: 'go' };
    const { trialAfterMs } = this.#settings;
    this.#state = { kind: 'paused', trialAtMs: trialAfterMs === null ? null : nowMs + trialAfterMs };
    return { kind: 'pause', forMs: trialAfterMs };
  }

  /** Told when the slice has been dealt with for good, so that one that is taken again does not count twice. */
  count(dead: readonly boolean[]): void {
    if (this.#state.kind === 'trial') {
      this.#state = { kind: 'flowing' };
      this.#recent = NOTHING;
      return;
    }
    this.#recent = extend(this.#recent, dead, this.#settings.windowMessages).recent;
  }

  /** The slice with the trial message did not come to an end (an outage, a rebalance): the next one to ask has it. */
  abandonTrial(nowMs: number): void {
    if (this.#state.kind === 'trial') this.#state = { kind: 'paused', trialAtMs: nowMs };
  }

  #isStorm(dead: readonly boolean[]): boolean {
    const { windowMessages, minMessages, maxRatio, maxRun } = this.#settings;
    const { recent, longestRun } = extend(this.#recent, dead, windowMessages);
    if (longestRun > maxRun) return true;
    const deadInWindow = recent.dead.filter(Boolean).length;
    return recent.dead.length >= minMessages && deadInWindow > maxRatio * recent.dead.length;
  }
}

function extend(
  before: Recent,
  dead: readonly boolean[],
  windowMessages: number,
): { recent: Recent; longestRun: number } {
  let run = before.run;
  let longestRun = run;
  for (const isDead of dead) {
    run = isDead ? run + 1 : 0;
    longestRun = Math.max(longestRun, run);
  }
  return { recent: { dead: [...before.dead, ...dead].slice(-windowMessages), run }, longestRun };
}
