import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { KlaviyoCallError, unreadableAnswer } from './klaviyo-errors.ts';

// What we read of Klaviyo's answers. The SDK's types say what should come; these check what did.

const Links = Type.Optional(Type.Object({ next: Type.Optional(Type.Union([Type.String(), Type.Null()])) }));

export const readEvents = reader(
  Type.Object({
    data: Type.Array(
      Type.Object({
        attributes: Type.Object({
          datetime: Type.String(),
          event_properties: Type.Union([
            Type.Object({ $event_id: Type.Optional(Type.Unknown()) }),
            Type.Null(),
          ]),
        }),
      }),
    ),
    links: Links,
  }),
);

export const readMetrics = reader(
  Type.Object({
    data: Type.Array(
      Type.Object({
        id: Type.String(),
        attributes: Type.Object({
          name: Type.Union([Type.String(), Type.Null()]),
          integration: Type.Optional(
            Type.Union([Type.Object({ name: Type.Optional(Type.Unknown()) }), Type.Null()]),
          ),
        }),
      }),
    ),
    links: Links,
  }),
);

export const readProfiles = reader(
  Type.Object({
    data: Type.Array(
      Type.Object({
        attributes: Type.Object({ email: Type.Optional(Type.Union([Type.String(), Type.Null()])) }),
      }),
    ),
  }),
);

const Suppression = Type.Object({ reason: Type.String() });
const Marketing = Type.Object({
  consent: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  can_receive_email_marketing: Type.Boolean(),
  consent_timestamp: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  suppression: Type.Optional(Type.Union([Type.Array(Suppression), Type.Null()])),
});
const orNull = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

export const readConsents = reader(
  Type.Object({
    data: Type.Array(
      Type.Object({
        attributes: Type.Object({
          email: orNull(Type.String()),
          subscriptions: orNull(
            Type.Object({ email: orNull(Type.Object({ marketing: orNull(Marketing) })) }),
          ),
        }),
      }),
    ),
  }),
);

export const readAccounts = reader(
  Type.Object({
    data: Type.Array(
      Type.Object({
        attributes: Type.Object({
          preferred_currency: orNull(Type.String()),
          timezone: orNull(Type.String()),
        }),
      }),
    ),
  }),
);

const Numbers = Type.Optional(Type.Array(Type.Number()));

export const readAggregates = reader(
  Type.Object({
    data: Type.Object({
      attributes: Type.Object({
        dates: Type.Array(Type.String()),
        data: Type.Array(Type.Object({ measurements: Type.Object({ count: Numbers, sum_value: Numbers }) })),
      }),
    }),
  }),
);

/** Returns a body that fits; throws KlaviyoCallError when it does not: then nothing was answered. */
function reader<S extends TSchema>(schema: S): (body: unknown) => Static<S> {
  const check = Compile(schema);
  return (body) => {
    if (check.Check(body)) return body;
    throw new KlaviyoCallError(unreadableAnswer(200));
  };
}
