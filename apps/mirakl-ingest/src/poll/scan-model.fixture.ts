import { type Changes, detectChanges, type Known } from '../capture/detect-changes.ts';
import { Or11Double, pagesOf } from '../mirakl/seller/or11-double.fixture.ts';
import { lineFixture, orderFixture, refundFixture } from '../mirakl/seller/order.fixture.ts';
import { SellerSource } from '../mirakl/seller/seller-source.ts';
import { policyFixture } from './ingest.fixture.ts';
import { OVERLAP_MS, planScan, type Progress, type ScanUnderWay, watermarkOf } from './plan-scan.ts';

/** How a poller goes about it: ours, and the two classic bugs. */
export type Approach = 'ours' | 'watermark at the end of the scan' | 'closed window';

/** Something that happens at Mirakl just before its n-th answer. */
export interface MiraklChange {
  readonly atAnswer: number;
  readonly kind: 'new order' | 'new state' | 'refund begins' | 'refund ends';
  /** Which of the orders, counted round. */
  readonly order: number;
}

/** Where the process is killed: at the n-th page it captures. */
export interface Crash {
  readonly atPage: number;
  readonly point: 'before publishing' | 'after publishing' | 'after recording';
}

export interface Scenario {
  readonly pageSize: number;
  readonly orders: number;
  readonly changes: readonly MiraklChange[];
  readonly crashes: readonly Crash[];
  /** How long Mirakl takes for a page, in seconds: a scan may take longer than any overlap. */
  readonly secondsPerPage: number;
}

class Killed extends Error {}

const STATES = ['SHIPPING', 'SHIPPED', 'RECEIVED', 'CLOSED'] as const;
const stamp = (ms: number) => new Date(Math.floor(ms / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
const BEGIN_MS = Date.parse('2026-03-01T12:00:00Z');

/**
 * A marketplace that changes while it is scanned, and a poller that is killed while it scans. The plan, the source, the
 * paging and the comparison are the real ones; only the memory that survives a crash is a variable here.
 */
export class ScanModel {
  readonly #double: Or11Double;
  readonly #source: SellerSource;
  readonly #policy = policyFixture({ backfillFrom: new Date('2026-01-01T00:00:00Z') });
  #nowMs = BEGIN_MS;
  #answers = 0;
  #pages = 0;
  #created = 0;
  #known: Known = { orders: new Map(), refunds: new Map() };
  #progress: Progress = {
    watermark: null,
    historyFrom: null,
    readingHash: null,
    scan: null,
    pollsCompleted: 0,
  };
  readonly #published = new Map<string, string>();

  constructor(
    private readonly scenario: Scenario,
    private readonly approach: Approach,
  ) {
    // Mirakl widens the window by an unknown time; the poller must not need it.
    this.#double = new Or11Double(() => new Date(this.#nowMs), 0);
    this.#double.beforeAnswer = () => void this.#beforeAnswer();
    this.#source = new SellerSource(this.#policy, this.#client(), scenario.pageSize);
    for (let index = 0; index < scenario.orders; index += 1)
      this.#newOrder(BEGIN_MS - (index + 1) * 7_200_000);
  }

  /** Orders and refunds that Mirakl has, and as what they were last published. */
  async run(): Promise<{
    readonly atMirakl: ReadonlyMap<string, string>;
    readonly published: ReadonlyMap<string, string>;
  }> {
    // Two scans in peace at the end: what a killed process left, the next one has to find.
    let scansInPeace = 0;
    while (scansInPeace < 2) {
      if (this.#isQuiet()) scansInPeace += 1;
      try {
        await this.#scan();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      this.#nowMs += 60_000;
    }
    return { atMirakl: await this.#truth(), published: this.#published };
  }

  /** Nothing more happens, neither at Mirakl nor to the process. */
  #isQuiet(): boolean {
    const { changes, crashes } = this.scenario;
    return (
      changes.every(({ atAnswer }) => atAnswer <= this.#answers) &&
      crashes.every(({ atPage }) => atPage <= this.#pages)
    );
  }

  async #scan(): Promise<void> {
    const { backfillFrom } = this.#policy;
    const policy = { backfillFrom, readingHash: 'h', overlapMs: OVERLAP_MS };
    const localStart = new Date(this.#nowMs);
    const plan = planScan(this.#progress, policy, localStart);
    let under = plan.resume;
    const none = new AbortController().signal;
    for await (const page of this.#source.listOrdersUpdatedSince(
      plan.from,
      plan.resume?.cursor ?? null,
      none,
    )) {
      under ??= {
        from: plan.from,
        cursor: '',
        startedAt: page.answeredAt,
        nextWatermark: watermarkOf(page.answeredAt, localStart, OVERLAP_MS),
        historyFrom: plan.historyFrom,
        readingHash: 'h',
      };
      this.#capture(
        page.orders,
        page.answeredAt,
        page.next === null ? null : { ...under, cursor: page.next },
      );
    }
    const end = watermarkOf(new Date(this.#nowMs), new Date(this.#nowMs), OVERLAP_MS);
    const watermark =
      this.approach === 'watermark at the end of the scan' ? end : (under?.nextWatermark ?? end);
    this.#progress = {
      ...this.#progress,
      watermark,
      historyFrom: backfillFrom,
      readingHash: 'h',
      scan: null,
    };
  }

  /** As publishPage: publish, then record and move the cursor. */
  #capture(orders: Parameters<typeof detectChanges>[0], observedAt: Date, scan: ScanUnderWay | null): void {
    const context = { marketplaceId: 'maison-fr', api: 'seller', source: 'poll', observedAt } as const;
    const changes = detectChanges(orders, this.#known, context);
    this.#pages += 1;
    this.#die('before publishing');
    for (const [id, content] of contentsOf(changes)) this.#published.set(id, content);
    this.#die('after publishing');
    this.#known = {
      orders: new Map([...this.#known.orders, ...changes.learnt.orders]),
      refunds: new Map([...this.#known.refunds, ...changes.learnt.refunds]),
    };
    if (scan !== null) this.#progress = { ...this.#progress, scan };
    this.#die('after recording');
  }

  #die(point: Crash['point']): void {
    const isDue = this.scenario.crashes.some(
      (crash) => crash.atPage === this.#pages && crash.point === point,
    );
    if (isDue) throw new Killed();
  }

  #beforeAnswer(): void {
    this.#answers += 1;
    this.#nowMs += this.scenario.secondsPerPage * 1_000;
    for (const change of this.scenario.changes) if (change.atAnswer === this.#answers) this.#happen(change);
  }

  #happen({ kind, order: index }: MiraklChange): void {
    const { orders } = this.#double;
    const order = orders[index % Math.max(orders.length, 1)];
    if (kind === 'new order' || order === undefined) return this.#newOrder(this.#nowMs);
    const last_updated_date = stamp(this.#nowMs);
    if (kind === 'new state') {
      const at = STATES.findIndex((state) => state === order['order_state']);
      const order_state = STATES[(at + 1) % STATES.length];
      return this.#double.put({ ...order, order_state, last_updated_date });
    }
    const id = `R-${String(order['order_id'])}`;
    // What has been paid back stays paid back.
    const isPaid = kind === 'refund ends' || JSON.stringify(order).includes('REFUNDED');
    const refund = refundFixture({ id, refund_state: isPaid ? 'REFUNDED' : 'WAITING_REFUND' });
    this.#double.put({ ...order, order_lines: [lineFixture({ refunds: [refund] })], last_updated_date });
  }

  #newOrder(createdMs: number): void {
    this.#created += 1;
    const date = stamp(createdMs);
    this.#double.put(
      orderFixture({ order_id: `W-${this.#created}`, created_date: date, last_updated_date: date }),
    );
  }

  async #truth(): Promise<ReadonlyMap<string, string>> {
    this.#double.beforeAnswer = () => undefined;
    const all = new SellerSource(this.#policy, pagesOf(this.#double), 100);
    const truth = new Map<string, string>();
    const from = new Date('2020-01-01T00:00:00Z');
    for await (const page of all.listOrdersUpdatedSince(from, null, new AbortController().signal)) {
      const context = {
        marketplaceId: 'maison-fr',
        api: 'seller',
        source: 'poll',
        observedAt: from,
      } as const;
      const none: Known = { orders: new Map(), refunds: new Map() };
      for (const [id, content] of contentsOf(detectChanges(page.orders, none, context)))
        truth.set(id, content);
    }
    return truth;
  }

  /** The double itself; a closed window is what some pollers ask it for. */
  #client(): ReturnType<typeof pagesOf> {
    const client = pagesOf(this.#double);
    if (this.approach !== 'closed window') return client;
    let until = '';
    return {
      ...client,
      get: (path, query, read, signal) => {
        if (!query.has('offset')) until = stamp(this.#nowMs);
        const closed = new URLSearchParams(query);
        closed.set('end_update_date', until);
        return client.get(path, closed, read, signal);
      },
    };
  }
}

/** What a change says, without when and how often it was seen. */
function contentsOf({ orders, refunds }: Changes): readonly (readonly [string, string])[] {
  return [
    ...orders.map(({ orderKey, contentHash }) => [orderKey, contentHash] as const),
    ...refunds.map(({ factId, state, amount }) => [factId, JSON.stringify([state, amount])] as const),
  ];
}
