import type { Command, Stage } from '@watertight/contracts';

/** The parts of a command that are the same for all: who asked, when, why, and the id that a repeat shares. */
export interface Asked {
  readonly commandId: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly why: string;
}

/** What the record's key and subject are: all commands about one thing stay in order. */
export function subjectOfCommand(command: Command): string {
  switch (command.type) {
    case 'replay':
    case 'refetch':
    case 'claim':
    case 'verify':
      return command.orderKey;
    case 'erase':
      return command.buyerId;
    case 'backfill':
    case 'backfill_control':
    case 'sweep':
    case 'reevaluate':
      return command.marketplaceId;
    case 'check':
      return command.marketplaceId ?? 'account';
  }
}

/** Whether the command carries an address: such a one is never kept here, so it cannot be sent again by itself. */
export function carriesAddress(command: Command): boolean {
  return command.type === 'claim' || command.type === 'erase';
}

export type RepairCommand = Extract<Command, { type: 'replay' | 'refetch' | 'verify' | 'sweep' | 'check' }>;

export interface RepairDraft {
  readonly what: RepairCommand['type'];
  readonly stage: Stage | null;
  readonly orderKey: string | null;
  readonly marketplaceId: string | null;
  /** Of a sweep: which orders by creation. */
  readonly from: string;
  readonly to: string;
}

/** Pure. Undefined when the draft lacks what its command is about. */
export function buildRepairCommand(asked: Asked, draft: RepairDraft): RepairCommand | undefined {
  const { what, stage, orderKey, marketplaceId, from, to } = draft;
  switch (what) {
    case 'replay':
      return orderKey === null || stage === null ? undefined : { ...asked, type: what, orderKey, stage };
    case 'refetch':
    case 'verify':
      return orderKey === null ? undefined : { ...asked, type: what, orderKey };
    case 'sweep':
      return marketplaceId === null ? undefined : { ...asked, type: what, marketplaceId, from, to };
    case 'check':
      return { ...asked, type: what, marketplaceId };
  }
}
