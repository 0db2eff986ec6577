import { Type, type Static } from 'typebox';
import { BuyerId, MarketplaceId, OrderKey, Text, Timestamp } from './fields.ts';
import { StageSchema } from './outcomes.v1.ts';

const asked = {
  commandId: Text('Unique; a repeat has the same id', { maxLength: 200 }),
  requestedBy: Text('Who asked: subject of the token', { maxLength: 300 }),
  requestedAt: Timestamp('When it was asked for'),
  why: Text('The reason the person gave', { maxLength: 2_000 }),
};

const Replay = Type.Object(
  { ...asked, type: Type.Literal('replay'), orderKey: OrderKey, stage: StageSchema },
  { description: 'Run the failed step of an order again' },
);
const Refetch = Type.Object(
  { ...asked, type: Type.Literal('refetch'), orderKey: OrderKey },
  { description: 'Ask Mirakl for the order again' },
);
const Claim = Type.Object(
  {
    ...asked,
    type: Type.Literal('claim'),
    orderKey: OrderKey,
    email: Text('The address supplied for the order', { maxLength: 320 }),
    source: Text('Where the address came from', { maxLength: 500 }),
  },
  { description: 'A contact claim: an address supplied for an order' },
);
const Erase = Type.Object(
  { ...asked, type: Type.Literal('erase'), buyerId: BuyerId },
  { description: 'Erase a person everywhere' },
);
const Backfill = Type.Object(
  {
    ...asked,
    type: Type.Literal('backfill'),
    marketplaceId: MarketplaceId,
    from: Timestamp('Orders created from here'),
    to: Timestamp('to here'),
    dryRun: Type.Boolean(),
  },
  { description: 'Load history' },
);

export const CommandSchema = Type.Union([Replay, Refetch, Claim, Erase, Backfill], {
  $id: 'sync.commands.v1',
  title: 'Command',
  description: 'What a person asked for: who, when, why',
});
export type Command = Static<typeof CommandSchema>;
