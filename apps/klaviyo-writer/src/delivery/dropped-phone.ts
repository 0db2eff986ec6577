import { createHash } from 'node:crypto';
import type { KlaviyoProfile } from '../klaviyo/klaviyo-event.ts';

/** What is remembered of a number that Klaviyo did not take: enough to know it again, and not the number. */
export function phoneMark(buyerId: string, phoneNumber: string): string {
  return createHash('sha256').update(`${buyerId} ${phoneNumber}`).digest('base64url');
}

/** The profile without its phone, when that is the one that Klaviyo did not take; another number is worth a try. */
export function withoutDroppedPhone(
  buyerId: string,
  profile: KlaviyoProfile,
  droppedPhone: string | null,
): KlaviyoProfile {
  const { phoneNumber, ...rest } = profile;
  if (phoneNumber === undefined || droppedPhone === null) return profile;
  return phoneMark(buyerId, phoneNumber) === droppedPhone ? rest : profile;
}
