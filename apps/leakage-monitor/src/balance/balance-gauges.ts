import { type Clock, RetryableError } from '@watertight/service';
import { monitorMetrics } from '../monitor.metrics.ts';
import type { Balance, MarketplaceBalance } from './balance.api.ts';
import type { ReadBalance } from './read-balance.ts';

const INTERVAL_MS = 15_000;

/** Shows the balance to Prometheus: taken anew every 15 s, whoever scrapes and how often. */
export class BalanceGauges {
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(
    private readonly balance: Pick<ReadBalance, 'read'>,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.#running ??= this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      await this.look();
      await this.clock.sleep(INTERVAL_MS, this.#stopped.signal);
    }
  }

  /** Takes the figures once. While the database cannot give them the last ones stand, and the failure is counted. */
  async look(): Promise<void> {
    try {
      showBalance(await this.balance.read({}));
      monitorMetrics.reads.inc({ result: 'ok' });
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      monitorMetrics.reads.inc({ result: 'retryable' });
    }
  }
}

/** Sets the gauges of every marketplace. */
export function showBalance({ marketplaces }: Pick<Balance, 'marketplaces'>): void {
  // A reason, or a currency, that no order has any more must not stay at its last figure.
  monitorMetrics.leakOrders.reset();
  monitorMetrics.money.reset();
  monitorMetrics.differenceMoney.reset();
  marketplaces.forEach(showMarketplace);
}

function showMarketplace(balance: MarketplaceBalance): void {
  const { marketplaceId: marketplace, settled, asOf, source, buckets, difference, leaking } = balance;
  monitorMetrics.settled.set({ marketplace }, settled ? 1 : 0);
  if (settled) monitorMetrics.cutTimestamp.set({ marketplace }, Date.parse(asOf) / 1_000);
  monitorMetrics.sourceOrders.set({ marketplace }, source.orders);
  monitorMetrics.differenceOrders.set({ marketplace }, difference.orders);
  for (const [currency, amount] of Object.entries(difference.money))
    monitorMetrics.differenceMoney.set({ marketplace, currency }, Number(amount));
  for (const [bucket, { orders, money }] of Object.entries(buckets)) {
    monitorMetrics.orders.set({ marketplace, bucket }, orders);
    for (const [currency, amount] of Object.entries(money))
      monitorMetrics.money.set({ marketplace, bucket, currency }, Number(amount));
  }
  for (const { bucket, reason, orders } of leaking)
    monitorMetrics.leakOrders.set({ marketplace, bucket, reason }, orders);
}
