/**
 * The API revision that this service speaks; the SDK's version sends exactly this one. Klaviyo keeps a revision stable
 * for a year and serves it for one more: https://developers.klaviyo.com/en/docs/api_versioning_and_deprecation_policy
 */
export const KLAVIYO_REVISION = '2026-07-15';

/** Two years after the revision's date Klaviyo may retire it. */
export const KLAVIYO_REVISION_ENDS = '2028-07-15';

/** Without it, a retired or unknown revision silently becomes a newer one; with it, Klaviyo refuses the request. */
export const FALL_FORWARD_OPT_OUT = { 'X-Klaviyo-Revision-Fall-Forward-Opt-Out': '1' } as const;
