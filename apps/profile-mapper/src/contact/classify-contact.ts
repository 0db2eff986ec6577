import { domainToASCII } from 'node:url';
import type { ContactClass } from '@watertight/contracts';
import { hostOf, isWithin, normaliseAddress } from './normalise-address.ts';

export type ContactSource = 'mirakl' | 'claim';

/** A text that may be an address: from an allow-listed field of the order, or from a contact claim. */
export interface ContactCandidate {
  readonly value: string;
  readonly source: ContactSource;
}

/** The way to reach a buyer. Only the first three kinds have an address. */
export type Contact =
  | {
      readonly class: Extract<ContactClass, 'direct' | 'relay' | 'placeholder'>;
      readonly email: string;
      readonly source: ContactSource;
    }
  | { readonly class: Extract<ContactClass, 'malformed' | 'absent' | 'anonymised'> };

export interface ContactRules {
  readonly relayDomains: readonly string[];
  /** Addresses, or `@host` for all of a host and what lies below it. `*` stands for any characters. */
  readonly placeholders: readonly string[];
}

const MIRAKL_RELAY = 'notification.mirakl.net';

/** Best first. */
const ranking: readonly ContactClass[] = [
  'direct',
  'relay',
  'placeholder',
  'malformed',
  'absent',
  'anonymised',
];

/**
 * The best contact among the candidates; of two equally good ones the first in the order of the policy. An order whose
 * buyer the marketplace has anonymised has none, whatever still stands in its fields, unless a person claimed one.
 */
export function classifyContact(
  candidates: readonly ContactCandidate[],
  rules: ContactRules,
  { anonymised }: { readonly anonymised: boolean },
): Contact {
  const allowed = anonymised ? candidates.filter(({ source }) => source === 'claim') : candidates;
  const none: Contact = { class: anonymised ? 'anonymised' : 'absent' };
  return allowed
    .map((candidate) => classifyOne(candidate, rules))
    .reduce((best, next) => (rankOf(next) < rankOf(best) ? next : best), none);
}

function classifyOne({ value, source }: ContactCandidate, rules: ContactRules): Contact {
  if (value.trim() === '') return { class: 'absent' };
  const email = normaliseAddress(value);
  if (email === undefined) {
    return { class: 'malformed' };
  }
  if (isPlaceholder(email, rules.placeholders)) return { class: 'placeholder', email, source };
  if (isRelay(email, rules.relayDomains)) return { class: 'relay', email, source };
  return { class: 'direct', email, source };
}

function rankOf(contact: Contact): number {
  return ranking.indexOf(contact.class);
}

/** Told by the host alone: the local part of Mirakl's relays has changed before. */
function isRelay(email: string, relayDomains: readonly string[]): boolean {
  const host = hostOf(email);
  return [MIRAKL_RELAY, ...relayDomains.map(asHost)].some((domain) => isWithin(host, domain));
}

function isPlaceholder(email: string, placeholders: readonly string[]): boolean {
  return placeholders.some((placeholder) => {
    const wanted = placeholder.trim().toLowerCase();
    if (wanted.startsWith('@')) return isWithin(hostOf(email), asHost(wanted));
    if (wanted.includes('*')) return matches(email, wanted);
    return email === (normaliseAddress(wanted) ?? wanted);
  });
}

function asHost(domain: string): string {
  const bare = domain.trim().replace(/^[@.]+/, '');
  // An empty answer means that it is no host; it then matches nothing.
  return domainToASCII(bare) || bare;
}

/** `*` against any characters. Parts are looked for in turn, so that no pattern can make it slow. */
function matches(email: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (email.length < first.length + last.length || !email.startsWith(first) || !email.endsWith(last))
    return false;
  let from = first.length;
  const end = email.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = email.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}
