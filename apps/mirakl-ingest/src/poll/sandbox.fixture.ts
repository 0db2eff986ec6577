import { systemClock } from '@watertight/service';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import { type Sandbox, startSandbox } from '@watertight/testing';
import type { MiraklSource } from '../mirakl/mirakl-source.ts';
import { sourceOf } from '../mirakl/source-of.ts';
import { policyFixture } from './ingest.fixture.ts';

export interface SandboxCount {
  readonly orders: number;
  readonly money: Readonly<Record<string, string>>;
}

/** A shop of the sandbox, with its policy and the real source that reads it. */
export interface SandboxShop {
  readonly id: string;
  readonly policy: MarketplacePolicy;
  readonly source: MiraklSource;
  /** What the double itself counts. */
  truth(): Promise<SandboxCount>;
}

/** The double of Mirakl as a process, where each test opens a shop of its own. */
export class MiraklSandbox {
  #shops = 0;

  private constructor(readonly sandbox: Sandbox) {}

  static async start(): Promise<MiraklSandbox> {
    return new MiraklSandbox(
      await startSandbox({ SANDBOX_HISTORY_ORDERS: '0', SANDBOX_LIVE_ORDERS_PER_MINUTE: '0' }),
    );
  }

  async control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.sandbox.url}/sandbox${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text}`);
    return JSON.parse(text);
  }

  /** Opens a shop with a history, for `POST /sandbox/mirakl`. */
  async open(
    settings: Readonly<Record<string, unknown>> = {},
    changes: Partial<MarketplacePolicy> = {},
  ): Promise<SandboxShop> {
    this.#shops += 1;
    const id = `shop-${this.#shops}`;
    await this.control('POST', '/mirakl', { id, shopId: 3001, historyDays: 750, exportMs: 50, ...settings });
    const policy = policyFixture({
      id,
      baseUrl: `${this.sandbox.url}/mirakl/${id}`,
      credentials: { kind: 'key', apiKey: `sandbox-${id}-key` },
      shopId: '3001',
      backfillFrom: new Date(Date.now() - 800 * 86_400_000),
      ...changes,
    });
    const source = sourceOf(policy, systemClock);
    const truth = async () => {
      const { mirakl } = (await this.control('GET', '/truth')) as { mirakl: Record<string, SandboxCount> };
      return mirakl[id] ?? { orders: 0, money: {} };
    };
    return { id, policy, source, truth };
  }
}
