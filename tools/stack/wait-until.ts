/**
 * Asks `check` every `everyMs` until it gives a value. Ends early, with its error, when `check` throws.
 * Throws what `late` returns once `withinMs` have passed.
 */
export async function waitUntil<T>(
  check: () => Promise<T | undefined>,
  options: { withinMs: number; everyMs: number; late: () => Error; signal?: AbortSignal },
): Promise<T> {
  const deadline = performance.now() + options.withinMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const value = await check();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw options.late();
    await new Promise((resolve) => setTimeout(resolve, options.everyMs));
  }
}
