import { type ChaosPlan, planChaos } from './plan-chaos.ts';

export interface PlannedSpell {
  readonly startsAtMs: number;
  readonly plan: ChaosPlan;
}

const spellMs = 60_000;
/** Strikes of the last ones last some seconds longer than their spell. */
const strikesWithinMs = 45_000;
const strikesPerSpell = 3;
/** Whoever is killed begins anew, and a leak with it: in the last part everything strikes but kills. */
const killsUntilShare = 0.4;

/** The spells of a soak, one a minute: the same seed gives the same. Pure. */
export function planSoak(seed: number, minutes: number): readonly PlannedSpell[] {
  return Array.from({ length: minutes }, (_, index) => {
    // Seeds of spells lie far apart, so that the soaks of two neighbouring seeds share none.
    const plan = planChaos(seed * 100_003 + index, { durationMs: strikesWithinMs, strikes: strikesPerSpell });
    const kills = index < killsUntilShare * minutes;
    const strikes = kills ? plan.strikes : plan.strikes.filter(({ strike }) => strike.kind !== 'kill');
    return { startsAtMs: index * spellMs, plan: { ...plan, strikes } };
  });
}
