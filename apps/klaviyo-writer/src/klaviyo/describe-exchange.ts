import { LISTS_CUT_PROPERTY } from './profile-properties.ts';
import type { JsonObject, JsonValue, KlaviyoEvent } from './klaviyo-event.ts';

/** What we sent and what Klaviyo answered, as a person may see it in an order's story. */
export interface Exchange {
  readonly sent: string;
  readonly answered: string;
}

const TEXT_MAX_LENGTH = 4_000;
const LIST_MAX_ITEMS = 5;
const HIDDEN = '[hidden]';

/**
 * Properties of ours whose values say nothing about a person. Whatever the attribute mapping adds may, so of that only
 * the name is shown.
 */
const shownProperties = new Set([
  ...['OrderId', 'Marketplace', 'MarketplaceId', 'Channel', 'Country', 'OrderState', 'ItemNames', 'SKUs'],
  ...['Categories', 'ItemCount', 'Items', 'OriginalAmount', 'OriginalCurrency', 'CancellationId', 'RefundId'],
  ...['ReturnId', 'CancelledTotalToDate', 'RefundTotalToDate', 'ReturnedTotalToDate', 'Reason', 'Quantity'],
  ...[
    'LineId',
    'Categories',
    'ProductID',
    'SKU',
    'OperatorSKU',
    'ProductName',
    'ItemPrice',
    'RowTotal',
    'Currency',
  ],
]);

/** The event as it left, without what names the person. */
export function describeSent(event: KlaviyoEvent): string {
  const { metric, uniqueId, occurredAt, value, backfill, profile, profileVersion } = event;
  const shown: JsonObject = {
    metric,
    unique_id: uniqueId,
    time: occurredAt.toISOString(),
    ...(value === null ? {} : { value: value.amount, value_currency: value.currency }),
    backfill,
    properties: shownOf(event.properties),
    profile: {
      ...Object.fromEntries(Object.keys(profile).map((name) => [name, HIDDEN])),
      ...(profileVersion === null ? {} : { version: profileVersion }),
    },
  };
  return cut(JSON.stringify(shown));
}

/** The same of all that a buyer event became, in a line each: for what was accepted. */
export function describeAccepted(events: readonly KlaviyoEvent[]): Exchange {
  const lines = events.slice(0, LIST_MAX_ITEMS).map(({ metric, uniqueId, occurredAt, value, backfill }) => {
    const amount = value === null ? 'no value' : `${value.amount} ${value.currency}`;
    return `${metric} ${uniqueId}, ${occurredAt.toISOString()}, ${amount}${backfill ? ', backfill' : ''}`;
  });
  const more = events.length - lines.length;
  if (more > 0) lines.push(`and ${more} more`);
  if (events.some(({ profile }) => profile.properties?.[LISTS_CUT_PROPERTY] === true)) {
    lines.push(
      'the oldest SKUs and titles of the profile were left out: Klaviyo takes 100 KB (klaviyo.profile_cut)',
    );
  }
  return { sent: cut(lines.join('\n')), answered: '202 Accepted' };
}

export function cut(text: string): string {
  return text.length <= TEXT_MAX_LENGTH ? text : `${text.slice(0, TEXT_MAX_LENGTH)}…`.toWellFormed();
}

function shownOf(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => name !== '$extra')
      .map(([name, value]) => [name, shownProperties.has(name) ? shortened(value) : HIDDEN]),
  );
}

function shortened(value: JsonValue): JsonValue {
  if (!isList(value) || value.length <= LIST_MAX_ITEMS) return value;
  return [...value.slice(0, LIST_MAX_ITEMS), `and ${value.length - LIST_MAX_ITEMS} more`];
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
