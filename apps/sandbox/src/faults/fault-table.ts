import { SeededRandom } from '../seeded-random.ts';

export const faultKinds = [
  'status',
  'html',
  'hang',
  'reset',
  'delay',
  'torn-json',
  'store-then-500',
  'store-then-hang',
  'store-then-reset',
  'accept-then-lose',
  'page-shift',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** What goes wrong, where, how often. */
export interface FaultOrder {
  /** `mirakl:<marketplace>` or `klaviyo`. */
  readonly target: string;
  readonly kind: FaultKind;
  /** HTTP status of `status` and `html`; default 500. */
  readonly status: number;
  /** `Retry-After` of `status` and `html`, in seconds. */
  readonly retryAfter: number | null;
  /** How long `delay` holds an answer back. */
  readonly delayMs: number;
  /** How many times it strikes; null = until it is removed. */
  readonly times: number | null;
  /** Share of the calls it strikes (of the events, for `accept-then-lose`). */
  readonly ratio: number;
  /** Path below the double's base that a call must begin with, such as `/api/orders`. */
  readonly pathPrefix: string;
  /** HTTP method it is for; null = all. */
  readonly method: string | null;
}

interface ActiveFault extends FaultOrder {
  left: number;
  struck: number;
}

/** The faults in force. Chance comes from the seed, so that a run can be repeated. */
export class FaultTable {
  private faults: ActiveFault[] = [];
  private readonly random: SeededRandom;

  constructor(seed: number) {
    this.random = new SeededRandom(seed, 'faults');
  }

  add(order: FaultOrder): void {
    this.faults.push({ ...order, left: order.times ?? Number.POSITIVE_INFINITY, struck: 0 });
  }

  clear(): void {
    this.faults = [];
  }

  get list(): readonly (FaultOrder & { readonly struck: number })[] {
    return this.faults.map(({ left: _left, ...fault }) => fault);
  }

  /** The fault that strikes a call, if any; those of `accept-then-lose` and `page-shift` strike elsewhere. */
  strikeCall(target: string, method: string, path: string): FaultOrder | undefined {
    return this.strike(
      (fault) =>
        fault.kind !== 'accept-then-lose' &&
        fault.kind !== 'page-shift' &&
        fault.target === target &&
        (fault.method === null || fault.method === method) &&
        path.startsWith(fault.pathPrefix),
    );
  }

  /** Whether a fault of a kind that is asked for by name strikes now. */
  strikeKind(target: string, kind: FaultKind, path: string): boolean {
    const found = this.strike(
      (fault) => fault.kind === kind && fault.target === target && path.startsWith(fault.pathPrefix),
    );
    return found !== undefined;
  }

  private strike(applies: (fault: ActiveFault) => boolean): FaultOrder | undefined {
    const fault = this.faults.find(
      (candidate) => candidate.left > 0 && applies(candidate) && this.random.chance(candidate.ratio),
    );
    if (!fault) return undefined;
    fault.left -= 1;
    fault.struck += 1;
    return fault;
  }
}
