/** Time in milliseconds since 1970. Passed in, so that a spec can move it by hand. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
