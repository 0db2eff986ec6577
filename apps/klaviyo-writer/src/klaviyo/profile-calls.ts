import { ProfilesApi } from 'klaviyo-api';
import { type Acceptance, acceptanceOf } from './acceptance.ts';
import { readConsents, readProfiles } from './answers.ts';
import { profileRequest } from './event-requests.ts';
import type { KlaviyoProfile } from './klaviyo-event.ts';
import type { KlaviyoSession } from './klaviyo-session.ts';

/** Most addresses of one look-up, and most profiles of one page. */
export const PROFILE_LOOKUP_MAX = 100;

/** Marketing consent of a profile as Klaviyo has it. */
export interface KlaviyoConsent {
  /** In lower case. */
  readonly email: string;
  /** SUBSCRIBED, NEVER_SUBSCRIBED, UNSUBSCRIBED; an open list. */
  readonly emailConsent: string;
  readonly canReceiveEmailMarketing: boolean;
  readonly consentedAt: string | null;
  /** Reasons of global suppressions. */
  readonly suppressions: readonly string[];
}

/** Calls about profiles. Every method throws KlaviyoCallError when Klaviyo does not answer or refuses. */
export class ProfileCalls {
  readonly #profiles: ProfilesApi;

  constructor(session: KlaviyoSession, basePath: string) {
    this.#profiles = new ProfilesApi(session);
    this.#profiles.basePath = basePath;
  }

  /**
   * Writes a profile outside of any event (POST /api/profile-import). A 409 says that its identifiers belong to two
   * profiles: which one is right is for a person.
   */
  async upsert(profile: KlaviyoProfile): Promise<Acceptance> {
    const { response } = await this.#profiles.createOrUpdateProfile(profileRequest(profile));
    return acceptanceOf(response.headers);
  }

  /** Which of the addresses belong to a profile, in lower case. At most PROFILE_LOOKUP_MAX addresses. */
  async listKnownEmails(emails: readonly string[]): Promise<ReadonlySet<string>> {
    const { response } = await this.#profiles.getProfiles({
      filter: anyEmail(emails),
      fieldsProfile: ['email'],
      pageSize: PROFILE_LOOKUP_MAX,
    });
    return new Set(
      readProfiles(response.data).data.flatMap(({ attributes }) => attributes.email?.toLowerCase() ?? []),
    );
  }

  /** Consent of those of the addresses that are profiles. At most PROFILE_LOOKUP_MAX addresses. Reads, and only reads. */
  async listConsents(emails: readonly string[]): Promise<readonly KlaviyoConsent[]> {
    const { response } = await this.#profiles.getProfiles({
      additionalFieldsProfile: ['subscriptions'],
      filter: anyEmail(emails),
      fieldsProfile: ['email', 'subscriptions'],
      pageSize: PROFILE_LOOKUP_MAX,
    });
    return readConsents(response.data).data.flatMap(({ attributes: { email, subscriptions } }) => {
      const marketing = subscriptions?.email?.marketing;
      if (typeof email !== 'string' || marketing === undefined || marketing === null) return [];
      return [
        {
          email: email.toLowerCase(),
          emailConsent: marketing.consent ?? 'NEVER_SUBSCRIBED',
          canReceiveEmailMarketing: marketing.can_receive_email_marketing,
          consentedAt: marketing.consent_timestamp ?? null,
          suppressions: (marketing.suppression ?? []).map(({ reason }) => reason),
        },
      ];
    });
  }
}

function anyEmail(emails: readonly string[]): string {
  if (emails.length > PROFILE_LOOKUP_MAX) throw new RangeError(`${emails.length} addresses in one look-up`);
  return `any(email,[${emails.map((email) => JSON.stringify(email)).join(',')}])`;
}
