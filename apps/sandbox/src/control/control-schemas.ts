import { Type, type Static } from 'typebox';
import { faultKinds } from '../faults/fault-table.ts';

const share = Type.Number({ minimum: 0, maximum: 1 });
const strict = { additionalProperties: false } as const;

/** Body of `POST /sandbox/faults`. */
export const FaultBody = Type.Object(
  {
    target: Type.String({ pattern: '^(mirakl:.+|klaviyo|connect)$' }),
    kind: Type.Enum([...faultKinds]),
    status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
    retryAfter: Type.Optional(Type.Integer({ minimum: 0 })),
    delayMs: Type.Optional(Type.Integer({ minimum: 0 })),
    times: Type.Optional(Type.Integer({ minimum: 1 })),
    ratio: Type.Optional(share),
    pathPrefix: Type.Optional(Type.String()),
    method: Type.Optional(Type.String()),
  },
  strict,
);

/** Body of `POST /sandbox/live`. */
export const LiveBody = Type.Object(
  {
    ordersPerMinute: Type.Optional(Type.Number({ minimum: 0, maximum: 60_000 })),
    lifeSpeed: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 10_000 })),
    /** Nothing moves at all: no new orders, and no order lives on. */
    frozen: Type.Optional(Type.Boolean()),
  },
  strict,
);

const contact = Type.Object(
  { direct: share, relay: share, absent: share, empty: share, malformed: share, placeholder: share },
  strict,
);

const tax = Type.Object(
  {
    code: Type.String(),
    rate: Type.Number({ minimum: 0 }),
    share,
    owedBy: Type.Enum(['shop', 'operator', 'split']),
  },
  strict,
);

/** Body of `POST /sandbox/mirakl`: only `id` is needed. */
export const MarketplaceBody = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$' }),
    name: Type.Optional(Type.String()),
    key: Type.Optional(Type.String()),
    shopId: Type.Optional(Type.Integer()),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
    taxMode: Type.Optional(Type.Enum(['TAX_INCLUDED', 'TAX_EXCLUDED'])),
    country: Type.Optional(Type.Enum(['FR', 'US', 'DE'])),
    taxes: Type.Optional(Type.Array(tax)),
    contact: Type.Optional(Type.Partial(contact)),
    emailField: Type.Optional(Type.String()),
    tradeShare: Type.Optional(Type.Number({ minimum: 0 })),
    addressesBeforeAcceptance: Type.Optional(Type.Boolean()),
    refundEndsSilently: Type.Optional(Type.Boolean()),
    updateDateDeltaMs: Type.Optional(Type.Integer({ minimum: 0 })),
    exports: Type.Optional(Type.Enum(['open', 'failing', 'closed'])),
    exportMs: Type.Optional(Type.Integer({ minimum: 0 })),
    exportChunkItems: Type.Optional(Type.Integer({ minimum: 1 })),
    rateLimit: Type.Optional(
      Type.Object(
        { callsPerMinute: Type.Integer({ minimum: 0 }), retryAfterSeconds: Type.Integer() },
        strict,
      ),
    ),
    historyOrders: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_000_000 })),
    historyDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000 })),
  },
  strict,
);

export type MarketplaceBody = Static<typeof MarketplaceBody>;

/** Body of `PATCH /sandbox/mirakl/<marketplace>`: settings that may change while orders are there. */
export const MarketplaceChange = Type.Partial(
  Type.Pick(MarketplaceBody, [
    'key',
    'shopId',
    'currency',
    'taxMode',
    'refundEndsSilently',
    'updateDateDeltaMs',
    'exports',
    'exportMs',
    'exportChunkItems',
    'rateLimit',
    'addressesBeforeAcceptance',
  ]),
  strict,
);

/** Body of `POST /sandbox/clock`. */
export const ClockBody = Type.Object({ skipMs: Type.Integer({ minimum: 0 }) }, strict);

/** Body of `POST /sandbox/connect`. */
export const ConnectBody = Type.Object({ tokenSeconds: Type.Optional(Type.Integer({ minimum: 1 })) }, strict);

/** Body of `POST /sandbox/klaviyo`. */
export const KlaviyoBody = Type.Object(
  {
    quota: Type.Optional(Type.Enum(['enforced', 'off'])),
    storeDelayMs: Type.Optional(Type.Integer({ minimum: 0 })),
    bulkRefusesStored: Type.Optional(Type.Boolean()),
    namesEntries: Type.Optional(Type.Boolean()),
    keep: Type.Optional(Type.Enum(['full', 'lean'])),
    /** Private keys with their scopes, beside those that are there. */
    keys: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.Literal('full'), Type.Array(Type.String())])),
    ),
  },
  strict,
);

/** Body of `POST /sandbox/klaviyo/metrics`: a metric that another integration has. */
export const ForeignMetricBody = Type.Object({ name: Type.String(), integration: Type.String() }, strict);

/** Body of `POST /sandbox/klaviyo/profiles`: what somebody did at Klaviyo, not through the API. */
export const ConsentBody = Type.Object(
  {
    email: Type.String(),
    consent: Type.Optional(Type.Enum(['NEVER_SUBSCRIBED', 'SUBSCRIBED', 'UNSUBSCRIBED'])),
    suppress: Type.Optional(
      Type.Enum(['HARD_BOUNCE', 'INVALID_EMAIL', 'SPAM_COMPLAINT', 'UNSUBSCRIBE', 'USER_SUPPRESSED']),
    ),
  },
  strict,
);
