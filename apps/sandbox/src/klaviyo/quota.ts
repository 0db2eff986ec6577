/** Calls of one kind that an account may make: per second and per minute, both enforced. */
export interface QuotaTier {
  readonly burst: number;
  readonly steady: number;
}

export const tiers = {
  xs: { burst: 1, steady: 15 },
  s: { burst: 3, steady: 60 },
  m: { burst: 10, steady: 150 },
  l: { burst: 75, steady: 750 },
  xl: { burst: 350, steady: 3500 },
} as const satisfies Record<string, QuotaTier>;

export type QuotaAnswer =
  | { readonly ok: true; readonly limit: number; readonly remaining: number; readonly resetSeconds: number }
  | { readonly ok: false; readonly retryAfterSeconds: number };

interface FixedWindow {
  startMs: number;
  taken: number;
}

const burstMs = 1_000;
const steadyMs = 60_000;

/** Two fixed windows per route for the whole account, whichever of its keys calls. A refused call takes nothing. */
export class Quota {
  private readonly windows = new Map<string, { readonly burst: FixedWindow; readonly steady: FixedWindow }>();

  take(route: string, tier: QuotaTier, nowMs: number): QuotaAnswer {
    const { burst, steady } = this.windowsOf(route);
    openAt(burst, burstMs, nowMs);
    openAt(steady, steadyMs, nowMs);
    const steadyEndsMs = steady.startMs + steadyMs;
    if (steady.taken >= tier.steady)
      return { ok: false, retryAfterSeconds: secondsUntil(steadyEndsMs, nowMs) };
    if (burst.taken >= tier.burst)
      return { ok: false, retryAfterSeconds: secondsUntil(burst.startMs + burstMs, nowMs) };
    burst.taken += 1;
    steady.taken += 1;
    return {
      ok: true,
      limit: tier.steady,
      remaining: tier.steady - steady.taken,
      resetSeconds: secondsUntil(steadyEndsMs, nowMs),
    };
  }

  private windowsOf(route: string): { readonly burst: FixedWindow; readonly steady: FixedWindow } {
    const known = this.windows.get(route);
    if (known) return known;
    const fresh = { burst: { startMs: 0, taken: 0 }, steady: { startMs: 0, taken: 0 } };
    this.windows.set(route, fresh);
    return fresh;
  }
}

/** Windows lie on whole seconds and minutes of the clock; a client cannot choose where they begin. */
function openAt(window: FixedWindow, lengthMs: number, nowMs: number): void {
  const startMs = Math.floor(nowMs / lengthMs) * lengthMs;
  if (window.startMs === startMs) return;
  window.startMs = startMs;
  window.taken = 0;
}

function secondsUntil(endMs: number, nowMs: number): number {
  return Math.max(1, Math.ceil((endMs - nowMs) / 1000));
}
