/** The SDK reads the cursor out of an https link only, and decodes it once too often: we hand it the cursor itself. */
export function cursorOf(next: string | null | undefined): string | null {
  return next === null || next === undefined
    ? null
    : (URL.parse(next)?.searchParams.get('page[cursor]') ?? null);
}
