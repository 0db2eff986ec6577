import { buyerIdOf, type Command } from '@watertight/contracts';
import { normaliseAddress } from '../contact/normalise-address.ts';
import type { ClaimToSave } from '../facts/facts.store.ts';

export type ClaimCommand = Extract<Command, { type: 'claim' }>;

/** A contact claim as it is kept: an address that a person supplied for an order. Undefined when it is no address. */
export function claimContact(command: ClaimCommand, buyerIdKey: string): ClaimToSave | undefined {
  const email = normaliseAddress(command.email);
  if (email === undefined) return undefined;
  const { commandId, orderKey, source, requestedBy, requestedAt } = command;
  return {
    orderKey,
    buyerId: buyerIdOf(email, buyerIdKey),
    claim: { commandId, email, source, requestedBy, requestedAt },
  };
}
