import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/**
 * The number in E.164, or null for what is not a number that can exist. `country` (ISO 3166-1 alpha-2) says how a
 * number without a country code is meant. A phone is data about a buyer and never says who the buyer is.
 */
export function normalisePhone(text: string | null, country: string | null): string | null {
  if (text === null) return null;
  const parsed = parsePhoneNumberFromString(text, phoneCountry(country));
  return parsed?.isValid() === true ? parsed.number : null;
}

function phoneCountry(country: string | null): CountryCode | undefined {
  return country !== null && isSupportedCountry(country) ? country : undefined;
}
