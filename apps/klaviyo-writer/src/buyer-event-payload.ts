import { type BuyerEvent, BuyerEventSchema } from '@watertight/contracts';
import { Compile } from 'typebox/compile';

const schema = Compile(BuyerEventSchema);

/** Reads a buyer event that was kept until it is verified. Throws when it does not fit: that is a bug. */
export function fromPayload(payload: unknown): BuyerEvent {
  if (!schema.Check(payload)) throw new TypeError('a payload in buyer_event is not a buyer event');
  return payload;
}

/** PostgreSQL stores no U+0000, and a lone surrogate is no character: ids with them name nothing that could be kept. */
export function hasStorableIds(event: BuyerEvent): boolean {
  const ids = [event.eventId, event.orderKey, ...event.order.lines.map((line) => line.eventId)];
  return ids.every(isStorable);
}

export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** The same text with U+FFFD in the place of what cannot be stored. */
export function storableForm(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** What is said of an event with such an id. */
export const UNSTORABLE = {
  reason: 'contract.invalid_message',
  detail: 'an id of it holds a character that is none',
} as const;
