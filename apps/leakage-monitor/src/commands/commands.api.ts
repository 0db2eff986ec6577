import { type Static, Type } from 'typebox';
import { DateOrInstant, Nullable, WhyField } from '../http/api-fields.ts';
import { RepairPreviewSchema } from '../exceptions/exception-actions.api.ts';
import type { ApiRoute } from '../http/route.ts';

const preview = Type.Optional(
  Type.Boolean({ description: 'Only say what would happen; nothing is changed and nothing is sent' }),
);

/** What is asked for by hand, about an order or a marketplace. */
export const OrderCommandSchema = Type.Object({ why: WhyField, preview }, { additionalProperties: false });

export const OrderReplaySchema = Type.Object(
  {
    why: WhyField,
    force: Type.Optional(Type.Boolean({ description: 'Again, although it was replayed already' })),
    preview,
  },
  { additionalProperties: false },
);

export const SweepSchema = Type.Object(
  {
    why: WhyField,
    from: Type.Optional(DateOrInstant('Orders created from here; 30 days ago when left out')),
    to: Type.Optional(DateOrInstant('to here; now when left out')),
    preview,
  },
  { additionalProperties: false },
);
export type SweepRequest = Static<typeof SweepSchema>;

export const MarketplaceCommandSchema = Type.Object(
  { why: WhyField, preview },
  { additionalProperties: false },
);

export const SentCommandSchema = Type.Object(
  {
    preview: Type.Boolean(),
    commandId: Nullable(Type.String({ description: 'Null in a preview' })),
    sentence: Type.String({ description: 'What it does, in words' }),
    orders: Nullable(Type.Integer({ description: 'How many orders it is about, where that is known' })),
  },
  { $id: 'SentCommand' },
);
export type SentCommand = Static<typeof SentCommandSchema>;

const ofOrder = (verb: string, summary: string): ApiRoute => ({
  id: `${verb}Order`,
  method: 'POST',
  path: `/orders/{orderKey}/${verb}`,
  summary,
  role: 'operator',
  body: OrderCommandSchema,
  answer: SentCommandSchema,
  status: 202,
  refusals: { 404: 'Nobody has spoken of this order' },
});
const ofMarketplace = (verb: string, summary: string): ApiRoute => ({
  id: `${verb}Marketplace`,
  method: 'POST',
  path: `/marketplaces/{id}/${verb}`,
  summary,
  role: 'operator',
  body: MarketplaceCommandSchema,
  answer: SentCommandSchema,
  status: 202,
  refusals: { 404: 'There is no such marketplace' },
});

export const commandRoutes: readonly ApiRoute[] = [
  ofOrder('refetch', 'Ask Mirakl for the order again'),
  ofOrder('verify', 'Read the buyer events of the order back from Klaviyo now'),
  {
    ...ofOrder('replay', 'Run the failed step of the order again, once'),
    body: OrderReplaySchema,
    answer: RepairPreviewSchema,
    refusals: {
      404: 'Nobody has spoken of this order',
      409: 'Nothing of it has failed, or it was replayed already',
    },
  },
  {
    ...ofMarketplace('sweep', 'Read its orders by creation date again: names and captures what is missing'),
    body: SweepSchema,
  },
  ofMarketplace('check', 'Run its preflight checks again'),
  ofMarketplace('reevaluate', 'Judge its held orders again by the policy as it is now'),
];
