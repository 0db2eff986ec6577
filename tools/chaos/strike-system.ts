import { setTimeout as wait } from 'node:timers/promises';
import { signalGroup } from '../stack/process-group.ts';
import type { System } from '../stack/system.ts';
import type { ChaosSystem } from './chaos-system.ts';
import { describeStrike, type ChaosPlan, type Strike } from './plan-chaos.ts';

/** Carries out a plan in its time, each strike with its end. Resolves when the last one has ended. */
export async function strikeSystem(plan: ChaosPlan, struck: ChaosSystem): Promise<void> {
  const began = performance.now();
  const ends: Promise<void>[] = [];
  for (const planned of plan.strikes) {
    const leftMs = planned.atMs - (performance.now() - began);
    if (leftMs > 0) await wait(leftMs, undefined, { signal: struck.signal });
    struck.progress(describeStrike(planned));
    ends.push(carryOut(planned.strike, struck));
  }
  await Promise.all(ends);
  await struck.doors.openAll();
  await struck.control.clearFaults();
}

async function carryOut(
  strike: Strike,
  { system, doors, control, marketplaces, signal }: ChaosSystem,
): Promise<void> {
  switch (strike.kind) {
    case 'kill':
      tell(system, strike.process, 'SIGKILL');
      return;
    case 'pause': {
      const pid = tell(system, strike.process, 'SIGSTOP');
      await wait(strike.forMs, undefined, { signal });
      if (pid !== undefined) signalGroup(pid, 'SIGCONT');
      return;
    }
    case 'cut':
    case 'freeze': {
      const door = doors.door(strike.link);
      if (strike.kind === 'cut') await door.cut();
      else door.freeze();
      await wait(strike.forMs, undefined, { signal });
      await door.restore();
      return;
    }
    case 'fault': {
      const targets = strike.at === 'klaviyo' ? ['klaviyo'] : marketplaces.map((id) => `mirakl:${id}`);
      for (const target of targets) await control.post('/faults', { target, ...strike.fault });
      await wait(strike.forMs, undefined, { signal });
      // The double can only forget all of its faults; one that began later ends a little early.
      await control.clearFaults();
      return;
    }
    case 'close_night':
      for (const id of marketplaces) await control.post(`/mirakl/${id}/close-night`, {});
  }
}

/** Signals a service and all it started, by name; returns its process id, undefined while it is being started again. */
function tell(system: System, name: string, signal: NodeJS.Signals): number | undefined {
  const pid = new Map(system.processes.entries()).get(name);
  if (pid !== undefined) signalGroup(pid, signal);
  return pid;
}
