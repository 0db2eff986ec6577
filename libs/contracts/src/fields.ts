import { Type, type TSchema } from 'typebox';

/** Field types that more than one message uses. */

export const Timestamp = (description: string) =>
  Type.String({
    pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$',
    description: `${description} (UTC, ISO 8601)`,
    examples: ['2026-03-01T10:15:00Z'],
  });

export const Text = (description: string, options: { maxLength?: number; examples?: string[] } = {}) =>
  Type.String({ minLength: 1, maxLength: 10_000, description, ...options });

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const MarketplaceId = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'One (Mirakl instance, shop) pair, as named in marketplaces.yaml',
  examples: ['maison-fr'],
});

export const OrderKey = Type.String({
  minLength: 3,
  maxLength: 400,
  pattern: '^[a-z0-9][a-z0-9-]{0,62}:.+$',
  description: '<marketplaceId>:<orderId>; order ids are unique only inside one Mirakl instance',
  examples: ['maison-fr:10452-A'],
});

export const BuyerId = Type.String({
  pattern: '^[a-f0-9]{64}$',
  description: "Keyed hash (HMAC-SHA256) of the buyer's normalised email address; useless without the key",
});

export const Revision = (description: string) => Type.Integer({ minimum: 1, description });
