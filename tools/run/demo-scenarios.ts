import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { callSandbox } from './sandbox-truth.ts';

export interface ScenarioContext {
  readonly sandboxUrl: string;
  readonly tell: (line: string) => void;
  /** Waits; rejects when the demo is asked to end. */
  readonly wait: (ms: number) => Promise<void>;
}

export interface Scenario {
  /** One paragraph: what happens, and what to watch. */
  readonly watch: string;
  /** Opens what the scenario needs beside the demo's own marketplaces, before anything starts; returns the marketplace's id. */
  readonly prepare?: (sandboxUrl: string) => Promise<string>;
  /** Makes it happen, once the history has come to a balance. */
  readonly play: (context: ScenarioContext) => Promise<void>;
}

/** The key that the sandbox wants for the marketplace of the leaking scenario. */
export const leakingKey = 'sandbox-bazar-fr-key';

/** How long trade of a new pace is watched before a demo that ends by itself asks for the balance. */
const watchedMs = 20_000;
const outageMs = 60_000;
const refundsPerMarketplace = 25;
/** Orders of months before this one, so that the wave changes months that seemed closed. */
const oldOrderMs = 31 * 24 * 60 * 60 * 1_000;

const ordersShape = Compile(
  Type.Array(
    Type.Object({
      orderId: Type.String(),
      created: Type.String(),
      lines: Type.Optional(Type.Array(Type.Object({ refunds: Type.Array(Type.Unknown()) }))),
    }),
  ),
);

const marketplaceIds = ['maison-fr', 'techno-us', 'nordmarkt-de'];

function pace(context: ScenarioContext, ordersPerMinute: number, lifeSpeed: number): Promise<unknown> {
  return callSandbox(`${context.sandboxUrl}/sandbox/live`, 'POST', { ordersPerMinute, lifeSpeed });
}

async function quietDay(context: ScenarioContext): Promise<void> {
  await pace(context, 2, 1);
  context.tell('two orders a minute from now on');
  await context.wait(watchedMs);
}

async function saleDay(context: ScenarioContext): Promise<void> {
  // More events than single requests can carry, so that both routes are seen at work.
  await pace(context, 2_400, 5);
  context.tell('forty orders a second from now on, each living five times as fast');
  await context.wait(watchedMs);
}

async function openLeakingMarketplace(sandboxUrl: string): Promise<string> {
  await callSandbox(`${sandboxUrl}/sandbox/mirakl`, 'POST', {
    id: 'bazar-fr',
    name: 'Bazar',
    key: leakingKey,
    shopId: 2004,
    contact: { direct: 0.1, relay: 0.6, absent: 0.3 },
    tradeShare: 2,
    historyOrders: 200,
    historyDays: 60,
  });
  return 'bazar-fr';
}

async function leakingMarketplace(context: ScenarioContext): Promise<void> {
  await pace(context, 120, 5);
  context.tell('120 orders a minute from now on; Bazar gives an address for about one order in ten');
  await context.wait(watchedMs);
}

async function klaviyoOutage(context: ScenarioContext): Promise<void> {
  await pace(context, 120, 5);
  await callSandbox(`${context.sandboxUrl}/sandbox/faults`, 'POST', {
    target: 'klaviyo',
    kind: 'status',
    status: 503,
  });
  context.tell(`Klaviyo answers 503 to everything for ${outageMs / 1_000} seconds`);
  try {
    await context.wait(outageMs);
  } finally {
    await callSandbox(`${context.sandboxUrl}/sandbox/faults`, 'DELETE');
  }
  context.tell('Klaviyo is back; what has piled up goes out when it is asked again, within a minute');
}

async function refundWave(context: ScenarioContext): Promise<void> {
  const { sandboxUrl, tell } = context;
  const newest = Date.now() - oldOrderMs;
  const refunded: string[] = [];
  for (const marketplace of marketplaceIds) {
    const path = `${sandboxUrl}/sandbox/mirakl/${marketplace}/orders`;
    const found = ordersShape.Parse(await callSandbox(`${path}?state=CLOSED`, 'GET'));
    const untouched = found
      .filter(({ created }) => Date.parse(created) < newest)
      .filter(({ lines = [] }) => lines.every(({ refunds }) => refunds.length === 0))
      .slice(-refundsPerMarketplace);
    for (const { orderId } of untouched) {
      await callSandbox(`${path}/${encodeURIComponent(orderId)}/advance`, 'POST', {
        refund: { state: 'REFUNDED' },
      });
      refunded.push(orderId);
    }
  }
  const [example = 'none'] = refunded;
  tell(`${refunded.length} orders of past months were refunded in this moment, ${example} among them`);
}

/** What `npm run demo -- --scenario NAME` can show. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'quiet-day': {
    watch:
      'A quiet day: two orders a minute. Watch Overview: an order is captured within its poll interval (two seconds here), ' +
      'is in flight until the shop accepts it, and verified seconds after that; the difference stays 0. Then look at ' +
      'Marketplaces: the last complete poll keeps moving although hardly anything is sold, so silence and standstill can ' +
      'be told apart.',
    play: quietDay,
  },
  'sale-day': {
    watch:
      'A sale: forty orders a second. Watch Operations, where after a minute the table of quotas shows it (always the last ' +
      'full minute): single requests go up to what Klaviyo takes, what they cannot carry goes in bulk, neither exceeds its ' +
      'quota, and the lag in seconds stays small. On Overview in flight grows to a level and stays there; every order still ' +
      'ends in exactly one bucket.',
    play: saleDay,
  },
  'leaking-marketplace': {
    watch:
      'A marketplace leaks: Bazar hands out a real address for about one order in ten. Nothing is red at Mirakl, and a plain ' +
      'connector would report success. Watch Overview: uncaptured contact grows, with its money and the role whose job it ' +
      'is; Marketplaces: the share of direct addresses of Bazar beside the others; Exceptions: they are grouped by reason.',
    prepare: openLeakingMarketplace,
    play: leakingMarketplace,
  },
  'klaviyo-outage': {
    watch:
      'Klaviyo is away for a minute. Watch Operations: consumption pauses and lag grows, nothing is thrown away and no ' +
      'dead letter is written. The longer it is away, the less often it is asked. So within a minute of its return ' +
      'everything goes out, under the same ids and without one 429: in flight returns to its old level and the difference ' +
      'has been 0 all the time.',
    play: klaviyoOutage,
  },
  'refund-wave': {
    watch:
      'A wave of refunds on orders of past months. Where the buyer is known, each becomes an event under its own id and ' +
      'lowers the net of the buyer, and a review is no longer asked for (Marketplace Review Request Allowed is false). ' +
      'Watch Orders: search the order named below and read its story to the end; Finance: refunds of the months before ' +
      "rise and net falls by the same sum. Until Mirakl's transaction log is read again, within half a minute here, this " +
      "month's row says that the new refunds are missing in it.",
    play: refundWave,
  },
};

/** Printed once the history is in: three things to try, and what one sees. */
export function guidedTour(consoleUrl: string): string {
  return [
    'Three things to try:',
    '',
    '1. Overview, "Not verified, by reason": each line has its money, whose job it is and what to do. Choose the first: you',
    '   see the orders behind it. Most are of Techno, which hands out relay addresses only.',
    '2. Overview, "Verified": open any order. Its story says what Mirakl said, what was understood, what was sent and',
    '   answered (unfold it), and when it was read back. That last line is the proof.',
    '3. Overview, "No contact": open one of its orders, "Claim the contact", give an address such as you@example.org and',
    '   where it comes from, look what it does, claim. Within seconds the order is verified, and the balance has moved.',
    '',
    `Begin here: ${consoleUrl}`,
  ].join('\n');
}
