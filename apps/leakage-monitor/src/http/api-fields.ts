import { type TSchema, Type } from 'typebox';

/** Fields that many calls share, so that the same thing is described in the same words everywhere. */

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const Instant = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-03-01T14:05:00.000Z'] });

/** A moment in a query or body: a date, which means the whole day in UTC, or an instant. */
export const DateOrInstant = (description: string) =>
  Type.String({
    pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2}))?$',
    description,
    examples: ['2026-03-01', '2026-03-01T00:00:00Z'],
  });

export const OrderKeyField = Type.String({
  minLength: 3,
  maxLength: 400,
  description: '`<marketplace>:<order number>`',
  examples: ['maison-fr:A-1'],
});

export const MarketplaceField = Type.String({ maxLength: 63, description: 'Marketplace id' });

export const ReasonField = Type.String({
  pattern: '^[a-z_]+\\.[a-z_]+$',
  maxLength: 100,
  description: 'Reason code, see docs/generated/reasons.md',
});

export const CursorField = Type.String({
  maxLength: 1_000,
  description: 'The place after the page before, as `nextCursor` gave it',
});

export const LimitField = Type.String({ pattern: '^\\d{1,3}$', description: '1 to 200; default 50' });

export const NextCursor = Nullable(
  Type.String({ description: 'The place after this page; null on the last one' }),
);

export const WhyField = Type.String({
  minLength: 1,
  maxLength: 2_000,
  description: 'The reason, in the words of the person who asks; kept in the audit log',
});

export const OwnerSchema = Type.Enum(['marketing', 'operations', 'platform'], {
  description: 'The role whose job it is',
});

export const SeveritySchema = Type.Enum(['info', 'low', 'medium', 'high']);

/** What every refusal and failure looks like. */
export const ErrorSchema = Type.Object(
  {
    error: Type.Object({
      code: Type.String({ description: 'For programs', examples: ['bad_request', 'forbidden', 'not_found'] }),
      message: Type.String({ description: 'For people: what is wrong and what to do' }),
    }),
  },
  { $id: 'Error', description: 'Why there is no other answer' },
);
