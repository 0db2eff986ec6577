const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration such as `500ms`, `30s`, `5m`, `1h` or `3d`. Throws RangeError on anything else. */
export function parseDuration(text: string): number {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  const [, amount, unit] = match ?? [];
  if (amount === undefined || !isUnit(unit))
    throw new RangeError('A duration is a number with ms, s, m, h or d');
  return Number(amount) * UNIT_MS[unit];
}

function isUnit(text: string | undefined): text is keyof typeof UNIT_MS {
  return text !== undefined && Object.hasOwn(UNIT_MS, text);
}
