import { iso31661Alpha2ToAlpha3, iso31661Alpha3ToAlpha2 } from 'iso-3166';
import type { Person, RawBuyer } from '../facts/stored-order.ts';
import { normalisePhone } from './normalise-phone.ts';

/** What a profile says of the person, from what the order says of its buyer. */
export function describePerson(buyer: RawBuyer): Person {
  const country = countryOf(buyer);
  return {
    firstName: filled(buyer.firstName),
    lastName: filled(buyer.lastName),
    locale: localeOf(buyer.locale),
    country,
    region: filled(buyer.region),
    city: filled(buyer.city),
    postalCode: filled(buyer.postalCode),
    phone: normalisePhone(filled(buyer.phone), country),
  };
}

/** The newer description, where it says something. A place is taken as a whole, never mixed from two. */
export function mergePerson(known: Person, next: Person): Person {
  const place = [next.country, next.region, next.city, next.postalCode].some((part) => part !== null)
    ? next
    : known;
  return {
    firstName: next.firstName ?? known.firstName,
    lastName: next.lastName ?? known.lastName,
    locale: next.locale ?? known.locale,
    country: place.country,
    region: place.region,
    city: place.city,
    postalCode: place.postalCode,
    phone: next.phone ?? known.phone,
  };
}

/** ISO 3166-1 alpha-2, or as the operator writes it: the code may be absent while the country stands there as text. */
export function countryOf({
  countryCode,
  country,
}: Pick<RawBuyer, 'countryCode' | 'country'>): string | null {
  const code = filled(countryCode)?.toUpperCase();
  if (code !== undefined) return alpha2Of(code) ?? filled(country) ?? code;
  const text = filled(country);
  return text === null ? null : (alpha2Of(text.toUpperCase()) ?? text);
}

function alpha2Of(code: string): string | undefined {
  if (Object.hasOwn(iso31661Alpha2ToAlpha3, code)) return code;
  return Object.hasOwn(iso31661Alpha3ToAlpha2, code) ? iso31661Alpha3ToAlpha2[code] : undefined;
}

// There are few locales and many orders, and asking Intl is slow.
const LOCALES_MAX = 1_000;
const locales = new Map<string, string | null>();

/** `fr_FR` as BCP 47 writes it: `fr-FR`. Null for what is no locale. */
function localeOf(text: string | null): string | null {
  const wanted = filled(text);
  if (wanted === null) return null;
  const known = locales.get(wanted);
  if (known !== undefined) return known;
  const locale = canonicalLocale(wanted);
  if (locales.size < LOCALES_MAX) locales.set(wanted, locale);
  return locale;
}

function canonicalLocale(wanted: string): string | null {
  try {
    return Intl.getCanonicalLocales(wanted.replaceAll('_', '-'))[0] ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** PostgreSQL keeps no U+0000 in text. */
function filled(text: string | null): string | null {
  const trimmed = text?.replaceAll('\u0000', '').trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
