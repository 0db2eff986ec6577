import { Type, type Static } from 'typebox';
import { AttributesSchema } from './attributes.ts';
import { BuyerId, MarketplaceId, Nullable, Revision, Text, Timestamp } from './fields.ts';
import { MoneySchema } from './money.ts';

export const ContactClassSchema = Type.Union(
  [
    Type.Literal('direct'),
    Type.Literal('relay'),
    Type.Literal('placeholder'),
    Type.Literal('malformed'),
    Type.Literal('absent'),
    Type.Literal('anonymised'),
  ],
  { description: 'What kind of address the marketplace gave' },
);
export type ContactClass = Static<typeof ContactClassSchema>;

/** The buyer's current profile and aggregates. Money sums are in the reporting currency. */
export const BuyerProfileSchema = Type.Object(
  {
    buyerId: BuyerId,
    version: Revision('Only grows; an older version is never applied over a newer one'),
    email: Text('Normalised address', { maxLength: 320 }),
    contactClass: ContactClassSchema,
    firstName: Nullable(Text('First name', { maxLength: 500 })),
    lastName: Nullable(Text('Last name', { maxLength: 500 })),
    locale: Nullable(Text('BCP 47', { maxLength: 50, examples: ['fr-FR'] })),
    country: Nullable(Text('ISO 3166-1 alpha-2, or as the operator writes it', { maxLength: 200 })),
    region: Nullable(Text('Region', { maxLength: 200 })),
    city: Nullable(Text('City', { maxLength: 200 })),
    postalCode: Nullable(Text('Postal code', { maxLength: 50 })),
    phone: Nullable(Text('E.164', { maxLength: 20 })),
    orders: Type.Integer({ minimum: 0, description: 'Number of sales' }),
    gross: MoneySchema,
    refunded: MoneySchema,
    net: MoneySchema,
    averageOrder: Nullable(MoneySchema),
    amountsComplete: Type.Boolean({
      description: 'False while an order is left out of the sums for want of a rate',
    }),
    firstOrderAt: Nullable(Timestamp('First order')),
    lastOrderAt: Nullable(Timestamp('Last order')),
    lastOrderAmount: Nullable(MoneySchema),
    skus: Type.Array(Text('SKU'), { maxItems: 200, description: 'SKUs bought, newest first, at most 200' }),
    productTitles: Type.Array(Text('Title'), {
      maxItems: 200,
      description: 'Product titles bought, newest first',
    }),
    refundedSkus: Type.Array(Text('SKU'), { maxItems: 200, description: 'SKUs refunded, newest first' }),
    channels: Type.Array(Text('Channel'), { description: 'Channels bought through' }),
    countries: Type.Array(Text('Country'), { description: 'Countries shipped to' }),
    marketplaces: Type.Array(MarketplaceId),
    lastChannel: Nullable(Text('Channel of the last order')),
    lastRefundAt: Nullable(Timestamp('Last refund')),
    lastCancelAt: Nullable(Timestamp('Last cancelation')),
    reviewRequestAllowed: Type.Boolean({
      description: 'The last order was fulfilled and nothing of it was refunded, cancelled or returned',
    }),
    phoneForKlaviyo: Type.Optional(
      Nullable(
        Text(
          'E.164; the number that may be sent as phone_number: the policy allows it and no other buyer has it',
          {
            maxLength: 20,
          },
        ),
      ),
    ),
    attributes: Type.Optional(AttributesSchema),
    updatedAt: Timestamp('When the profile was built'),
  },
  {
    $id: 'buyer.profiles.v1',
    title: 'BuyerProfile',
    description: "The buyer's current profile and aggregates",
  },
);
export type BuyerProfile = Static<typeof BuyerProfileSchema>;
