import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** What the sandbox itself knows, as far as the law is held against it. */

const Change = Type.Object({ id: Type.String(), amount: Type.String(), shippingAmount: Type.String() });

const TrueOrder = Type.Object({
  orderId: Type.String(),
  state: Type.String(),
  currency: Type.String(),
  amount: Type.Union([Type.String(), Type.Null()]),
  accepted: Type.Boolean(),
  meaning: Type.String(),
  contact: Type.Object({ kind: Type.String(), email: Type.Union([Type.String(), Type.Null()]) }),
  lines: Type.Array(
    Type.Object({
      lineId: Type.String(),
      state: Type.String(),
      refunds: Type.Array(Type.Object({ ...Change.properties, state: Type.String() })),
      cancelations: Type.Array(Change),
    }),
  ),
  returns: Type.Array(Type.Object({ id: Type.String(), state: Type.String() })),
});
export type TrueOrder = Static<typeof TrueOrder>;

const TrueEvent = Type.Object({
  metric: Type.String(),
  uniqueId: Type.String(),
  email: Type.Union([Type.String(), Type.Null()]),
});
export type TrueEvent = Static<typeof TrueEvent>;

const Count = Type.Object({ orders: Type.Integer(), money: Type.Record(Type.String(), Type.String()) });
const Truth = Type.Object({
  mirakl: Type.Record(Type.String(), Count),
  klaviyo: Type.Object({ doubled: Type.Integer(), forbiddenCalls: Type.Integer(), pending: Type.Integer() }),
});
export type Truth = Static<typeof Truth>;

const ordersShape = Compile(Type.Array(TrueOrder));
const eventsShape = Compile(Type.Array(TrueEvent));
const truthShape = Compile(Truth);

/** The control API of a running sandbox. */
export class SandboxControl {
  private readonly url: string;

  constructor(url: string) {
    this.url = `${url}/sandbox`;
  }

  async truth(): Promise<Truth> {
    return truthShape.Parse(await this.call('GET', '/truth'));
  }

  async orders(marketplace: string): Promise<readonly TrueOrder[]> {
    return ordersShape.Parse(await this.call('GET', `/mirakl/${marketplace}/orders`));
  }

  async events(): Promise<readonly TrueEvent[]> {
    return eventsShape.Parse(await this.call('GET', '/klaviyo/events'));
  }

  async post(path: string, body: unknown): Promise<void> {
    await this.call('POST', path, body);
  }

  async clearFaults(): Promise<void> {
    await this.call('DELETE', '/faults');
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The sandbox answered ${response.status} to ${path}: ${text}`);
    return JSON.parse(text);
  }
}
