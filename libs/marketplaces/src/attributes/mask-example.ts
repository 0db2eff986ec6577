const LENGTH_MAX = 60;

/**
 * The shape of a text without what it says: letters become x or X, digits 0, everything else stays. So a person sees
 * that a field holds an address or a date, and not whose or which.
 */
export function maskExample(text: string): string {
  const shape = text
    .slice(0, LENGTH_MAX)
    .toWellFormed()
    .replaceAll(/\p{Lu}/gu, 'X')
    .replaceAll(/[\p{L}\p{M}]/gu, (letter) => (letter === 'X' ? 'X' : 'x'))
    .replaceAll(/\p{N}/gu, '0');
  return text.length > LENGTH_MAX ? `${shape}…` : shape;
}
