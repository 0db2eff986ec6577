import { Type, type Static } from 'typebox';
import { BuyerId, MarketplaceId, Nullable, OrderKey, Text, Timestamp } from './fields.ts';
import { StageSchema } from './outcomes/fact-outcome.ts';

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
  {
    ...asked,
    type: Type.Literal('erase'),
    buyerId: BuyerId,
    email: Type.Optional(
      Text("The person's address, for stages that keep none: Klaviyo's own deletion asks for it", {
        maxLength: 320,
      }),
    ),
  },
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

const BackfillControl = Type.Object(
  {
    ...asked,
    type: Type.Literal('backfill_control'),
    marketplaceId: MarketplaceId,
    backfillId: Text('The id of the command that asked for it', { maxLength: 300 }),
    action: Type.Enum(['pause', 'resume', 'cancel']),
  },
  { description: 'Pause, resume or cancel a backfill' },
);
const Sweep = Type.Object(
  {
    ...asked,
    type: Type.Literal('sweep'),
    marketplaceId: MarketplaceId,
    from: Timestamp('Orders created from here'),
    to: Timestamp('to here'),
  },
  { description: 'Read orders by creation date again, now: it names and captures what is missing' },
);
const Check = Type.Object(
  { ...asked, type: Type.Literal('check'), marketplaceId: Nullable(MarketplaceId) },
  { description: 'Run the preflight checks again; null: those of the Klaviyo account' },
);
const Reevaluate = Type.Object(
  { ...asked, type: Type.Literal('reevaluate'), marketplaceId: MarketplaceId },
  { description: 'Judge the held orders of a marketplace again by the policy as it is now' },
);
const Verify = Type.Object(
  { ...asked, type: Type.Literal('verify'), orderKey: OrderKey },
  { description: 'Read the buyer events of an order back from Klaviyo now' },
);

const commands = [
  Replay,
  Refetch,
  Claim,
  Erase,
  Backfill,
  BackfillControl,
  Sweep,
  Check,
  Reevaluate,
  Verify,
] as const;

export const CommandSchema = Type.Union([...commands], {
  $id: 'sync.commands.v1',
  title: 'Command',
  description: 'What a person asked for: who, when, why',
});
export type Command = Static<typeof CommandSchema>;
