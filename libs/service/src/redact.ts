const MASK = '[redacted]';

/** Names, lower case and without separators, whose value is never written, whatever it is. */
const forbiddenNames = [
  'authorization',
  'apikey',
  'clientsecret',
  'cookie',
  'password',
  'secret',
  'token',
  'email',
  'phone',
  'phonenumber',
  'firstname',
  'lastname',
  'fullname',
  'address',
  'addresses',
  'street',
  'street1',
  'street2',
  'zipcode',
  'postalcode',
  'civility',
] as const;

/** Deeper than this, a value is replaced: a log line is no place for such a structure. */
const DEPTH_MAX = 8;

const emailLike = /[\w.!#$%&'*+/=?^`{|}~-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}/gi;

function isForbidden(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  // Endings, so that customerEmail, billing_address and x-api-key are covered as well.
  return forbiddenNames.some((forbidden) => plain.endsWith(forbidden));
}

/** Hides the given secrets, and whatever looks like an email address, in a text. */
export type MaskText = (text: string) => string;

export function maskText(secrets: readonly string[]): MaskText {
  // The longest first: a secret may contain another one.
  const ordered = [...secrets].sort((one, other) => other.length - one.length);
  return (text) =>
    ordered.reduce((masked, secret) => masked.replaceAll(secret, MASK), text).replace(emailLike, '[email]');
}

/**
 * A copy of a JSON value in which the values of forbidden names are replaced and every text is masked.
 */
export function redact(value: unknown, mask: MaskText, depth = 0): unknown {
  if (typeof value === 'string') return mask(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redact(item, mask, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isForbidden(name) && inner !== null ? MASK : redact(inner, mask, depth + 1),
    ]),
  );
}
