import { Type, type Static } from 'typebox';
import { BuyerId, Nullable, Text, Timestamp } from './fields.ts';

/** Consent as read from Klaviyo. We only ever read it. */
export const BuyerConsentSchema = Type.Object(
  {
    buyerId: BuyerId,
    asOf: Timestamp('When Klaviyo gave this answer'),
    emailConsent: Text('SUBSCRIBED, NEVER_SUBSCRIBED, UNSUBSCRIBED; an open list', { maxLength: 100 }),
    canReceiveEmailMarketing: Type.Boolean({
      description: 'No global suppression (which is not the same as an opt-in)',
    }),
    consentedAt: Nullable(Timestamp('When the person subscribed')),
    suppressions: Type.Array(Text('Reason of a global suppression', { maxLength: 100 })),
  },
  {
    $id: 'buyer.consents.v1',
    title: 'BuyerConsent',
    description: 'Marketing consent as Klaviyo has it, with "as of"',
  },
);
export type BuyerConsent = Static<typeof BuyerConsentSchema>;
