import { type ChaosOptions, type ChaosResult, underChaos } from './chaos-system.ts';
import type { ChaosPlan } from './plan-chaos.ts';
import { strikeSystem } from './strike-system.ts';

/** One run of a plan. The seed is also that of the trade, so that a failing run can be tried again. */
export function runSeed(plan: ChaosPlan, options: ChaosOptions): Promise<ChaosResult> {
  return underChaos({ ...options, sandboxSeed: plan.seed }, (struck) => strikeSystem(plan, struck));
}
