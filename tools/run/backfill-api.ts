import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { Failure } from '../stack/failure.ts';

/** As much of the API's backfill as the command looks at. */
const Backfill = Type.Object({
  backfillId: Type.String(),
  marketplaceId: Type.String(),
  state: Type.String(),
  dryRun: Type.Boolean(),
  ordersTotal: Type.Union([Type.Integer(), Type.Null()]),
  ordersSeen: Type.Integer(),
  ordersPublished: Type.Integer(),
  money: Type.Array(Type.Object({ amount: Type.String(), currency: Type.String() })),
  klaviyoSeconds: Type.Union([Type.Integer(), Type.Null()]),
  finishesAt: Type.Union([Type.String(), Type.Null()]),
  route: Type.Union([Type.String(), Type.Null()]),
  detail: Type.Union([Type.String(), Type.Null()]),
});
export type Backfill = Static<typeof Backfill>;

const started = Compile(Type.Object({ backfillId: Type.String() }));
const listed = Compile(Type.Object({ backfills: Type.Array(Backfill) }));

const timeoutMs = 30_000;

/** The API of a running system, as far as backfills go. Throws a Failure with the API's own words when it refuses. */
export class BackfillApi {
  private readonly url: string;
  private readonly token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  async start(asked: { marketplaceId: string; from: string; to: string; dryRun: boolean }): Promise<string> {
    const answer = await this.call('POST', asked);
    if (!started.Check(answer)) throw new Failure('The API did not say which backfill it has begun.');
    return answer.backfillId;
  }

  /** Undefined while nothing is known of it yet. */
  async find(backfillId: string): Promise<Backfill | undefined> {
    const answer = await this.call('GET');
    if (!listed.Check(answer)) throw new Failure('The API did not list the backfills.');
    return answer.backfills.find((one) => one.backfillId === backfillId);
  }

  private async call(method: 'GET' | 'POST', body?: unknown): Promise<unknown> {
    const address = `${this.url}/api/v1/backfills`;
    let response: Response;
    try {
      response = await fetch(address, {
        method,
        headers: {
          authorization: `Bearer ${this.token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch {
      throw new Failure(`Nothing answers at ${address}. Is the system running, and is --url right?`);
    }
    const text = await response.text();
    if (!response.ok) throw new Failure(`The API refused (HTTP ${response.status}): ${text.slice(0, 500)}`);
    return JSON.parse(text);
  }
}

const endedStates: readonly string[] = ['done', 'cancelled', 'failed'];

export function hasEnded({ state }: Pick<Backfill, 'state'>): boolean {
  return endedStates.includes(state);
}

/** How far it is, in one line. */
export function progressLine(backfill: Backfill, now: Date): string {
  const { state, ordersSeen, ordersTotal, detail, finishesAt, route } = backfill;
  const share = ordersTotal === null || ordersTotal === 0 ? '' : ` of ${ordersTotal}`;
  const by = route === null ? '' : ` by ${route}`;
  const left =
    finishesAt === null ? '' : `, ${duration((Date.parse(finishesAt) - now.getTime()) / 1_000)} left`;
  const why = detail === null ? '' : `: ${detail}`;
  return `${state}, ${ordersSeen}${share} orders${by}${left}${why}`;
}

/** What came of it, in sentences. */
export function summaryOf(backfill: Backfill): string {
  const { state, dryRun, ordersSeen, ordersPublished, money, klaviyoSeconds, detail } = backfill;
  const sums = money.map(({ amount, currency }) => `  ${amount} ${currency}`);
  const klaviyo =
    klaviyoSeconds === null
      ? []
      : [`Klaviyo takes about ${duration(klaviyoSeconds)} for them at its own limit.`];
  const what = dryRun
    ? `${ordersSeen} orders would be read; nothing was published.`
    : `${ordersSeen} orders were read, ${ordersPublished} of them were new or had changed.`;
  const ending = state === 'done' ? [] : [`It ended as ${state}${detail === null ? '.' : `: ${detail}`}`];
  return [what, ...sums, ...klaviyo, ...ending].join('\n');
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
