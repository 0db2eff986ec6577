import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoKeys, demoPolicy } from '../run/demo-policy.ts';
import { isBalanced, ordersUnderWay, readBalance, type Balance } from '../run/balance.ts';
import { type ChaosOptions, type ChaosResult, judgeAtRest } from '../chaos/chaos-system.ts';
import { SandboxControl } from '../chaos/sandbox-orders.ts';
import { builtPrograms } from '../stack/programs.ts';
import { sandboxService } from '../stack/sandbox.ts';
import { startStack, type Stack } from '../stack/stack.ts';
import { Supervisor } from '../stack/supervisor.ts';
import { startSystem, type System } from '../stack/system.ts';

const historyOrders = 150;
const historyDays = 90;
const liveOrdersPerMinute = 120;
const balancedWithinMs = 240_000;
const lookMs = 500;
const sandboxStopMs = 2_000;

/** Services that can be stopped and started again while the doubles of Mirakl and Klaviyo go on, as the vendors would. */
export class DrillSystem {
  readonly control: SandboxControl;
  readonly dataDir: string;
  readonly #options: ChaosOptions;
  readonly #sandbox: Supervisor;
  readonly #sandboxUrl: string;
  readonly #observed: string[] = [];
  #system: System | undefined;
  #databaseUrl: string | undefined;

  private constructor(options: ChaosOptions, sandbox: Supervisor, sandboxUrl: string) {
    this.dataDir = options.dataDir;
    this.#options = options;
    this.#sandbox = sandbox;
    this.#sandboxUrl = sandboxUrl;
    this.control = new SandboxControl(sandboxUrl);
  }

  static async start(options: ChaosOptions): Promise<DrillSystem> {
    const { dataDir, keeper, progress, signal } = options;
    mkdirSync(dataDir, { recursive: true });
    const logDir = join(dataDir, 'logs');
    await builtPrograms.build({ logFile: join(logDir, 'build.log'), keeper, progress, signal });
    const { service, url } = await sandboxService({
      entry: builtPrograms.entry('sandbox'),
      env: {
        SANDBOX_HISTORY_ORDERS: String(historyOrders),
        SANDBOX_HISTORY_DAYS: String(historyDays),
        SANDBOX_LIVE_ORDERS_PER_MINUTE: String(liveOrdersPerMinute),
      },
      logDir,
      keeper,
    });
    const sandbox = await Supervisor.start(service, { progress, signal });
    writeFileSync(join(dataDir, 'marketplaces.yaml'), demoPolicy(url, historyDays, new Date()));
    return new DrillSystem(options, sandbox, url);
  }

  get system(): System {
    if (this.#system === undefined) throw new Error('the services are stopped');
    return this.#system;
  }

  get observed(): readonly string[] {
    return this.#observed;
  }

  /** Writes down what was seen. */
  saw(sentence: string): void {
    this.#observed.push(sentence);
    this.#options.progress(`saw: ${sentence}`);
  }

  async startServices(): Promise<void> {
    this.#system = await startSystem({
      ...this.#options,
      startStack: async (stackOptions) => {
        const stack = await startStack(stackOptions);
        this.#databaseUrl = stack.databaseUrl;
        return stack;
      },
      target: () => ({
        marketplacesFile: join(this.dataDir, 'marketplaces.yaml'),
        env: {
          ...demoKeys,
          KLAVIYO_API_KEY: 'pk_sandbox',
          KLAVIYO_BASE_URL: `${this.#sandboxUrl}/klaviyo`,
        },
      }),
    });
  }

  /** Stops the services, broker and database; their data stay. */
  async stopServices(): Promise<void> {
    await this.#system?.stop();
    this.#system = undefined;
  }

  pidOf(name: string): number {
    const pid = new Map(this.system.processes.entries()).get(name);
    if (pid === undefined) throw new Error(`${name} is not running`);
    return pid;
  }

  /** The database of the running system. */
  databaseUrl(): string {
    const url = this.#databaseUrl;
    if (url === undefined) throw new Error('the database is not running');
    return url;
  }

  /** Broker and database alone, for work that is done while the services are stopped. */
  async withStack<T>(work: (stack: Stack) => Promise<T>): Promise<T> {
    const stack = await startStack({ ...this.#options, database: 'watertight', durable: true });
    try {
      return await work(stack);
    } finally {
      await stack.stop();
    }
  }

  /** The key of buyer ids that `npm run up` has made for this folder. */
  buyerIdKey(): string {
    return readFileSync(join(this.dataDir, 'buyer-id-key'), 'utf8').trim();
  }

  async wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#options.signal });
  }

  async balance(): Promise<Balance> {
    for (;;) {
      const read = await Promise.race([readBalance(this.system.url, this.system.token), this.system.failed]);
      if (read !== undefined) return read.balance;
      await this.wait(lookMs);
    }
  }

  /** Orders that this system itself still has to bring to an end. */
  async underWay(): Promise<number> {
    return ordersUnderWay(await this.balance());
  }

  /**
   * Holds trade still, waits until everything is accounted for, and lets trade go on: while orders come in there is
   * always one on its way. Returns how long it took, in seconds.
   */
  async untilBalanced(atLeastOrders = historyOrders): Promise<number> {
    await this.control.post('/live', { frozen: true });
    const began = performance.now();
    for (;;) {
      const balance = await this.balance();
      if (isBalanced(balance) && balance.captured.orders >= atLeastOrders) break;
      if (performance.now() - began > balancedWithinMs)
        throw new Error(`no balance in time: ${JSON.stringify(balance.difference)}`);
      await this.wait(lookMs);
    }
    await this.control.post('/live', { frozen: false });
    return (performance.now() - began) / 1_000;
  }

  /** Lets trade rest and holds the law of the chaos runs. */
  async judge(): Promise<ChaosResult> {
    await this.control.post('/live', { frozen: true });
    const { system, control, dataDir } = this;
    const { signal } = this.#options;
    return Promise.race([judgeAtRest({ system, control, dataDir, signal }), system.failed]);
  }

  async get(path: string): Promise<unknown> {
    const response = await fetch(`${this.system.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${this.system.token}` },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }

  async stop(): Promise<void> {
    await this.stopServices();
    await this.#sandbox.stop(sandboxStopMs);
  }
}
