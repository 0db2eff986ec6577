/** A success, and what of the request Klaviyo left out all the same. */
export interface Acceptance {
  /** Klaviyo took it without a phone number that it found wrong. It does not say whose, where there are several. */
  readonly phoneDropped: boolean;
}

/**
 * Since 2025 an invalid phone number no longer refuses an event with another identifier; a header says so:
 * https://community.klaviyo.com/developer-group-64/api-validation-improvements-for-phone-number-handling-18034
 */
export function acceptanceOf(headers: unknown): Acceptance {
  const left: unknown =
    typeof headers === 'object' && headers !== null
      ? Reflect.get(headers, 'x-klaviyo-partial-failure')
      : undefined;
  return { phoneDropped: typeof left === 'string' && left.includes('phone_number') };
}
