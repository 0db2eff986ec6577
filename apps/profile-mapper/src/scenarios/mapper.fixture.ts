import {
  buyerIdOf,
  type Command,
  type FactOutcome,
  type OrderFact,
  type RefundFact,
} from '@watertight/contracts';
import { claimContact } from '../commands/claim-contact.ts';
import { concludeOrder } from '../conclude-order.ts';
import type { EventDraft } from '../events/event-draft.ts';
import type { ClaimToSave } from '../facts/facts.store.ts';
import { type StoredOrder, unknownOrder } from '../facts/stored-order.ts';
import type { MappingRules } from '../map-batch.ts';
import { mapOrder, type OrderMapping, recogniseBuyer } from '../map-order.ts';
import { absorbWork, orderKeysOf, workOf } from '../work.ts';
import { BUYER_ID_KEY, POLICY } from './facts.fixture.ts';

type Fact = OrderFact | RefundFact | ClaimToSave;

export interface Told {
  readonly events: readonly EventDraft[];
  readonly outcomes: readonly FactOutcome[];
  readonly mappings: readonly OrderMapping[];
}

/** The steps of the flow file without database and broker: what they keep, it keeps in memory. */
export class MemoryMapper {
  readonly orders = new Map<string, StoredOrder>();
  readonly erased = new Set<string>();
  /** Buyers whose address stands for many people, everywhere. */
  readonly shared = new Set<string>();
  now = new Date('2026-03-02T08:00:00Z');

  constructor(private readonly rules: MappingRules = { policy: POLICY, buyerIdKey: BUYER_ID_KEY }) {}

  /** One batch. */
  take(...facts: readonly Fact[]): Told {
    const work = workOf(
      {
        orders: facts.filter((fact) => 'contentHash' in fact),
        refunds: facts.filter((fact) => 'factId' in fact),
        claims: facts.filter((fact) => 'claim' in fact),
      },
      [],
    );
    const stored = [...orderKeysOf(work)].sort().map((key) => this.orders.get(key) ?? unknownOrder(key));
    const mapped = absorbWork(stored, work).map((before) => {
      const recognised = recogniseBuyer(before.absorbed.order, this.rules);
      const isErased = (id: string) => this.erased.has(id);
      const mapping = mapOrder(before.absorbed.order, recognised, {
        ...this.rules,
        isErased,
        isShared: (_marketplaceId, buyerId) => this.shared.has(buyerId),
      });
      const concluded = concludeOrder({ ...before, recognised }, mapping, this.now);
      this.orders.set(before.stored.orderKey, concluded.save.order);
      return { mapping, concluded };
    });
    return {
      events: mapped.flatMap(({ concluded }) => concluded.events),
      outcomes: mapped.flatMap(({ concluded }) => concluded.outcomes),
      mappings: mapped.map(({ mapping }) => mapping),
    };
  }

  erase(email: string): void {
    this.erased.add(buyerIdOf(email, this.rules.buyerIdKey));
  }
}

export function claim(
  email: string,
  changes: Partial<Extract<Command, { type: 'claim' }>> = {},
): ClaimToSave {
  const claimed = claimContact(
    {
      type: 'claim',
      commandId: `claim ${email}`,
      orderKey: 'm:A-1',
      email,
      source: 'csv',
      requestedBy: 'someone',
      requestedAt: '2026-03-02T07:00:00Z',
      why: 'a test',
      ...changes,
    },
    BUYER_ID_KEY,
  );
  if (claimed === undefined) throw new Error('not an address');
  return claimed;
}
