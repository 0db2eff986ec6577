import type { Clock } from './clock.ts';
import { ConnectAccess } from './connect/connect-access.ts';
import { FaultTable } from './faults/fault-table.ts';
import { defaultKeys, type KeyScopes } from './klaviyo/api-keys.ts';
import { KlaviyoAccount, type KlaviyoSettings } from './klaviyo/klaviyo-account.ts';
import { CallMeter } from './mirakl/call-meter.ts';
import { OrderExports } from './mirakl/order-exports.ts';
import { createHistory } from './trade/history.ts';
import { LiveTrade, type LivePace } from './trade/live-trade.ts';
import { Marketplace } from './trade/marketplace.ts';
import { defaultMarketplaces, type MarketplaceProfile } from './trade/marketplace-profile.ts';

const dayMs = 86_400_000;

export interface SandboxSettings extends LivePace {
  readonly seed: number;
  /** Orders of the past, over all default marketplaces. */
  readonly historyOrders: number;
  readonly historyDays: number;
  /** When the past ends; default: the last midnight in UTC, so that restarts of one day show the same past. */
  readonly historyEndMs: number | null;
  readonly klaviyo: KlaviyoSettings;
}

/** Everything the sandbox remembers. `reset` goes back to the moment after the start. */
export class SandboxState {
  marketplaces = new Map<string, Marketplace>();
  klaviyo: KlaviyoAccount;
  klaviyoKeys: ReadonlyMap<string, KeyScopes> = defaultKeys;
  faults: FaultTable;
  exports = new OrderExports();
  meter = new CallMeter();
  connect = new ConnectAccess();
  trade: LiveTrade;
  /** The time of the doubles: the machine's, and what was skipped. */
  readonly clock: Clock;
  private skippedMs = 0;

  constructor(
    readonly settings: SandboxSettings,
    machine: Clock,
  ) {
    this.clock = { now: () => machine.now() + this.skippedMs };
    this.klaviyo = new KlaviyoAccount(settings.klaviyo);
    this.faults = new FaultTable(settings.seed);
    this.trade = this.openTrade();
    this.createPast();
  }

  reset(): void {
    this.skippedMs = 0;
    this.marketplaces = new Map();
    this.klaviyo = new KlaviyoAccount(this.settings.klaviyo);
    this.klaviyoKeys = defaultKeys;
    this.exports = new OrderExports();
    this.meter = new CallMeter();
    this.connect = new ConnectAccess();
    this.faults = new FaultTable(this.settings.seed);
    this.trade = this.openTrade();
    this.createPast();
  }

  /** Time goes on by this much at once, so that a test need not wait for it. */
  skip(ms: number): void {
    this.skippedMs += ms;
    this.tick();
  }

  /** Everything that is due by now: live trade, and what Klaviyo stores later than it answers. */
  tick(): void {
    const nowMs = this.clock.now();
    this.trade.tick(nowMs);
    this.klaviyo.settle(nowMs);
  }

  /** Opens a marketplace with a past of its own, or none. One with the same id is replaced. */
  addMarketplace(
    profile: MarketplaceProfile,
    past: { readonly orders: number; readonly days: number },
  ): void {
    const marketplace = new Marketplace(profile, this.settings.seed);
    this.marketplaces.set(profile.id, marketplace);
    if (past.orders === 0) return;
    this.trade.takeOver(createHistory(marketplace, { ...past, endMs: this.historyEndMs() }));
  }

  private openTrade(): LiveTrade {
    const { seed, ordersPerMinute, lifeSpeed } = this.settings;
    return new LiveTrade(() => [...this.marketplaces.values()], seed, { ordersPerMinute, lifeSpeed });
  }

  private createPast(): void {
    const { historyOrders, historyDays } = this.settings;
    const total = defaultMarketplaces.reduce((sum, profile) => sum + profile.tradeShare, 0);
    let left = historyOrders;
    for (const profile of defaultMarketplaces) {
      const orders = Math.min(left, Math.ceil((historyOrders * profile.tradeShare) / total));
      this.addMarketplace(profile, { orders, days: historyDays });
      left -= orders;
    }
  }

  private historyEndMs(): number {
    return this.settings.historyEndMs ?? Math.floor(this.clock.now() / dayMs) * dayMs;
  }
}
