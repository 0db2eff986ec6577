import { domainToASCII } from 'node:url';
import validator from 'validator';

/**
 * The form in which addresses are compared and hashed: without space around it, in lower case, the domain in ASCII
 * (`Bücher.example` is `xn--bcher-kva.example`). A plus tag stays: it is another address, as its owner intended.
 * Dots in the local part stay too: that Gmail ignores them is Gmail's rule alone.
 *
 * Returns undefined for what is not an address that can receive mail.
 */
export function normaliseAddress(text: string): string | undefined {
  const trimmed = text.trim().toLowerCase().normalize('NFC');
  const at = trimmed.lastIndexOf('@');
  if (at < 1) return undefined;
  const domain = domainToASCII(trimmed.slice(at + 1));
  const address = `${trimmed.slice(0, at)}@${domain}`;
  return isAddress(address) ? address : undefined;
}

// validator.js: kept up, no dependencies, and its rules are those of deliverable addresses rather than of the whole
// of RFC 5322 with its comments and quoted spaces.
function isAddress(address: string): boolean {
  return validator.isEmail(address, { allow_utf8_local_part: true, require_tld: true });
}

/** The host of a normalised address. */
export function hostOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** True when the host is the domain or lies below it. */
export function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
