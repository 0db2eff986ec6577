import { inspect } from 'node:util';

export interface WaitOptions {
  /** How long to wait in all, in milliseconds; 30 s when left out. */
  readonly deadlineMs?: number;
  /** Pause between two looks, in milliseconds; 20 when left out. */
  readonly pollMs?: number;
}

/**
 * Looks again and again until `probe` gives something other than false, null or undefined, and returns that.
 * Past the deadline it throws an Error that names what was awaited and the last thing seen: a value, or the error
 * that the probe threw (a probe may throw while things start).
 */
export async function waitUntil<T>(
  awaited: string,
  probe: () => Promise<T> | T,
  { deadlineMs = 30_000, pollMs = 20 }: WaitOptions = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const endsAt = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look(probe);
    if ('value' in seen && isThere(seen.value)) return seen.value;
    if (performance.now() >= endsAt) {
      throw new Error(`waited ${deadlineMs} ms for ${awaited}; last seen: ${describe(seen)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

type Seen<T> = { readonly value: T } | { readonly thrown: unknown };

async function look<T>(probe: () => Promise<T> | T): Promise<Seen<T>> {
  try {
    return { value: await probe() };
  } catch (thrown) {
    return { thrown };
  }
}

function isThere<T>(value: T): value is NonNullable<Exclude<T, false>> {
  return value !== false && value !== null && value !== undefined;
}

function describe(seen: Seen<unknown>): string {
  if ('value' in seen) return inspect(seen.value, { depth: 4, breakLength: 110 });
  return `the error ${seen.thrown instanceof Error ? seen.thrown.message : inspect(seen.thrown)}`;
}
