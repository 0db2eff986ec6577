import type { Command } from '@watertight/contracts';
import { DONE, type MessageBatch, type MessageOutcome } from '@watertight/kafka';
import { isStorable } from '../facts/check-fact.ts';
import type { ClaimToSave } from '../facts/facts.store.ts';
import type { SortedBatch } from '../facts/sort-facts.ts';
import { workOf } from '../work.ts';
import { claimContact } from './claim-contact.ts';

/**
 * What people asked for, as work: a claim adds an address to an order, a replay works on an order once more, an erasure
 * forgets a buyer, a re-evaluation judges held orders again. What is for other services is passed over.
 */
export function sortCommands({ messages }: MessageBatch<Command>, buyerIdKey: string): SortedBatch {
  const claims = new Map<string, ClaimToSave>();
  const replays = new Set<string>();
  const erasures = new Set<string>();
  const reevaluations = new Set<string>();
  const outcomes = messages.map(({ value: command }): MessageOutcome => {
    if ('orderKey' in command && !isStorable(command.orderKey)) return unusable('orderKey cannot be stored');
    if (!isStorable(command.commandId)) return unusable('commandId cannot be stored');
    switch (command.type) {
      case 'replay':
        if (command.stage === 'mapper') replays.add(command.orderKey);
        return DONE;
      case 'reevaluate':
        reevaluations.add(command.marketplaceId);
        return DONE;
      case 'erase':
        erasures.add(command.buyerId);
        return DONE;
      case 'claim': {
        if (Number.isNaN(Date.parse(command.requestedAt)))
          return unusable('requestedAt is not a point in time');
        const claim = claimContact(command, buyerIdKey);
        if (claim === undefined) return malformed();
        claims.set(command.commandId, claim);
        return DONE;
      }
      // For the other stages.
      default:
        return DONE;
    }
  });
  const parts = {
    claims: [...claims.values()],
    replays: [...replays],
    erasures: [...erasures],
    reevaluations: [...reevaluations],
  };
  return { work: workOf(parts, messages), outcomes };
}

function unusable(detail: string): MessageOutcome {
  return { kind: 'dead', reason: 'contract.invalid_message', detail };
}

function malformed(): MessageOutcome {
  return { kind: 'dead', reason: 'contact.malformed', detail: 'what was claimed is not an address' };
}
