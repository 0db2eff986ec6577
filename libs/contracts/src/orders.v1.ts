import { Type, type Static } from 'typebox';
import { MarketplaceId, Nullable, OrderKey, Revision, Text, Timestamp } from './fields.ts';
import { MoneySchema } from './money.ts';

const AdditionalField = Type.Object(
  {
    code: Text("The operator's code of the field", { maxLength: 500 }),
    type: Nullable(Text("Mirakl's type name, open", { maxLength: 100 })),
    value: Nullable(Type.Union([Type.String(), Type.Array(Type.String())])),
  },
  {
    description:
      'A free field of the operator; may hold personal data, so it is used only where the policy names it',
  },
);

const OrderLine = Type.Object({
  lineId: Text('Unique inside the order', { maxLength: 300 }),
  state: Text('order_line_state as Mirakl has it; an open list', { maxLength: 100 }),
  sku: Nullable(Text("The seller's own SKU (offer_sku)")),
  productSku: Nullable(Text("The operator's product SKU")),
  title: Nullable(Text('Product title')),
  categoryCode: Nullable(Text('Category code')),
  categoryLabel: Nullable(Text("Category label, in the operator's language")),
  quantity: Type.Integer({ minimum: 0, description: 'Units still ordered (cancelations have lowered it)' }),
  quantityOrdered: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'Units before cancelations; left out where nothing was cancelled',
    }),
  ),
  unitPrice: Nullable(MoneySchema),
  amount: Nullable(MoneySchema),
  imageUrl: Nullable(Text('Absolute address of the product picture')),
  shippedAt: Nullable(Timestamp('When the line was shipped')),
  receivedAt: Nullable(Timestamp('When the line was received')),
  additionalFields: Type.Array(AdditionalField),
});

const OrderBuyer = Type.Object(
  {
    contacts: Type.Array(
      Type.Object({
        field: Text('The allow-listed Mirakl field it was read from', {
          examples: ['customer_notification_email'],
        }),
        value: Type.String({ maxLength: 1_000, description: 'The text as it stands there, unjudged' }),
      }),
      {
        description:
          'Values of the fields that the policy of the marketplace allows as an address, in its order',
      },
    ),
    firstName: Nullable(Text('First name', { maxLength: 500 })),
    lastName: Nullable(Text('Last name', { maxLength: 500 })),
    locale: Nullable(Text('Locale as Mirakl has it', { maxLength: 50, examples: ['fr_FR'] })),
    countryCode: Nullable(Text('ISO 3166-1 alpha-3 as Mirakl has it', { maxLength: 10, examples: ['FRA'] })),
    country: Nullable(Text('Country as the operator writes it', { maxLength: 200 })),
    region: Nullable(Text('State or region', { maxLength: 200 })),
    city: Nullable(Text('City', { maxLength: 200 })),
    postalCode: Nullable(Text('Postal code', { maxLength: 50 })),
    phone: Nullable(Text('Phone number as it stands there', { maxLength: 100 })),
  },
  {
    description:
      "What the order says of its buyer. Mirakl's customer_id is left out: it may itself be an address",
  },
);

/** The order as Mirakl has it now, normalised. One message per change of content. */
export const OrderFactSchema = Type.Object(
  {
    orderKey: OrderKey,
    marketplaceId: MarketplaceId,
    orderId: Text("Mirakl's order id", { maxLength: 300 }),
    commercialId: Nullable(Text('The basket; several orders may share it', { maxLength: 300 })),
    revision: Revision('Grows by one with each captured change of this order'),
    contentHash: Type.String({ pattern: '^[a-f0-9]{64}$', description: 'SHA-256 of the normalised content' }),
    observedAt: Timestamp('When Mirakl gave this answer'),
    source: Type.Union(
      [Type.Literal('poll'), Type.Literal('sweep'), Type.Literal('backfill'), Type.Literal('refetch')],
      { description: 'Which way of asking found it' },
    ),
    api: Type.Union([Type.Literal('seller'), Type.Literal('connect')], { description: 'Which API answered' }),
    state: Text('order_state as Mirakl has it; an open list', { maxLength: 100, examples: ['SHIPPING'] }),
    stateReason: Nullable(Text('order_state_reason_code', { maxLength: 200 })),
    createdAt: Timestamp('When the buyer ordered'),
    updatedAt: Timestamp('last_updated_date'),
    acceptedAt: Nullable(Timestamp('When the order was accepted or refused; null when that was automatic')),
    anonymisedAt: Nullable(Timestamp('When the marketplace anonymised the buyer')),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code' }),
    taxMode: Type.Union([Type.Literal('TAX_INCLUDED'), Type.Literal('TAX_EXCLUDED')]),
    amount: Nullable(MoneySchema),
    amountWithoutTax: Nullable(MoneySchema),
    amountOrdered: Type.Optional(
      Type.Object(MoneySchema.properties, {
        description: 'What was ordered, before cancelations lowered it; left out where nothing was cancelled',
      }),
    ),
    channel: Nullable(Type.Object({ code: Text('Channel code'), label: Nullable(Text('Channel label')) })),
    paymentType: Nullable(Text('Payment type', { maxLength: 200 })),
    buyer: OrderBuyer,
    lines: Type.Array(OrderLine, { maxItems: 5_000 }),
    additionalFields: Type.Array(AdditionalField),
  },
  { $id: 'mirakl.orders.v1', title: 'OrderFact', description: 'The order as Mirakl has it now, normalised' },
);
export type OrderFact = Static<typeof OrderFactSchema>;
export type OrderLineFact = OrderFact['lines'][number];
