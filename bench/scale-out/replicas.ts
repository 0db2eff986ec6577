import { setTimeout as sleep } from 'node:timers/promises';
import { nodeArgumentsOf } from '../../tools/stack/apps.ts';
import type { BenchContext, BenchService } from '../bench-context.ts';
import { metricOf } from '../klaviyo-double.ts';

const LOOK_EVERY_MS = 100;
const SHARED_OUT_WITHIN_MS = 90_000;

/** The replicas of one service, which is a consumer group. */
export class Replicas {
  readonly #context: BenchContext;
  readonly #name: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #topic: string;
  readonly #partitions: number;
  #running: readonly BenchService[] = [];
  /** Replicas that did not end by themselves when they were asked to. */
  killed = 0;

  constructor(
    context: BenchContext,
    service: { readonly name: string; readonly env: Readonly<Record<string, string>> },
    topic: { readonly name: string; readonly partitions: number },
  ) {
    this.#context = context;
    this.#name = service.name;
    this.#env = service.env;
    this.#topic = topic.name;
    this.#partitions = topic.partitions;
  }

  /**
   * Starts or ends replicas until there are so many; those that go get SIGTERM as from Kubernetes, or with `kill` no
   * time to leave the group. Resolves when every replica has partitions and together they have all of them.
   */
  async scaleTo(count: number, { kill = false } = {}): Promise<void> {
    const leaving = this.#running.slice(count);
    const staying = this.#running.slice(0, count);
    const ends = leaving.map(async (replica) => {
      await replica.stop(kill ? 0 : undefined);
      const { code } = await replica.ended;
      if (code !== 0) this.killed += 1;
    });
    const missing = Array.from({ length: count - staying.length }, () => this.#start());
    this.#running = [...staying, ...(await Promise.all(missing))];
    await Promise.all(ends);
    await this.#untilSharedOut();
  }

  #start(): Promise<BenchService> {
    return this.#context.startService({
      name: this.#name,
      env: this.#env,
      nodeArguments: nodeArgumentsOf(this.#name),
    });
  }

  async #untilSharedOut(): Promise<void> {
    const until = performance.now() + SHARED_OUT_WITHIN_MS;
    for (;;) {
      this.#context.signal.throwIfAborted();
      const shares = await Promise.all(
        this.#running.map(({ url }) =>
          metricOf(url, 'watertight_kafka_assigned_partitions', `"${this.#topic}"`),
        ),
      );
      const all = shares.reduce((sum, one) => sum + one, 0);
      if (all === this.#partitions && shares.every((share) => share > 0)) return;
      if (performance.now() > until)
        throw new Error(`${this.#name}: ${shares.join(', ')} of ${this.#partitions} partitions`);
      await sleep(LOOK_EVERY_MS);
    }
  }
}
