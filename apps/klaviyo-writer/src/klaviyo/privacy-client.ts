import { DataPrivacyApi } from 'klaviyo-api';
import { KlaviyoSession, type KlaviyoSessionOptions } from './klaviyo-session.ts';

/**
 * Erasure, with a key of its own that can do nothing else: the key of delivery cannot erase, and this one cannot send.
 */
export class PrivacyClient {
  readonly #session: KlaviyoSession;
  readonly #privacy: DataPrivacyApi;

  constructor(options: Omit<KlaviyoSessionOptions, 'calls'>) {
    this.#session = new KlaviyoSession({ ...options, calls: 'privacy' });
    this.#privacy = new DataPrivacyApi(this.#session);
    this.#privacy.basePath = options.baseUrl.replace(/\/$/, '');
  }

  /**
   * Asks Klaviyo to erase the person of this address (202: it does so later, and there is no way to ask when). Throws
   * KlaviyoCallError when Klaviyo does not answer or refuses.
   */
  async erase(email: string): Promise<void> {
    await this.#privacy.requestProfileDeletion({
      data: {
        type: 'data-privacy-deletion-job',
        attributes: { profile: { data: { type: 'profile', attributes: { email } } } },
      },
    });
  }

  close(): void {
    this.#session.close();
  }
}
