import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { Failure } from '../stack/failure.ts';

/** As much of the API's backfill as the command looks at. */
const Backfill = Type.Object({
  backfillId: Type.String(),
  marketplaceId: Type.String(),
  at: Type.String(),
  from: Type.String(),
  to: Type.String(),
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

export interface BackfillRequest {
  readonly marketplaceId: string;
  readonly from: string;
  /** Now when left out. */
  readonly to?: string;
  readonly dryRun: boolean;
}

export type BackfillAction = 'pause' | 'resume' | 'cancel';

const started = Compile(Type.Object({ backfillId: Type.String() }));
const listed = Compile(Type.Object({ backfills: Type.Array(Backfill) }));
const refused = Compile(Type.Object({ error: Type.Object({ message: Type.String() }) }));

const timeoutMs = 30_000;

/** The API of a running system, as far as backfills go. Throws a Failure with the API's own words when it refuses. */
export class BackfillApi {
  private readonly url: string;
  private readonly token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  async start(request: BackfillRequest): Promise<string> {
    const answer = await this.call('POST', '', request);
    if (!started.Check(answer)) throw new Failure('The API did not say which backfill it has begun.');
    return answer.backfillId;
  }

  async list(): Promise<readonly Backfill[]> {
    const answer = await this.call('GET', '');
    if (!listed.Check(answer)) throw new Failure('The API did not list the backfills.');
    return answer.backfills;
  }

  /** Undefined while nothing is known of it yet. */
  async find(backfillId: string): Promise<Backfill | undefined> {
    return (await this.list()).find((one) => one.backfillId === backfillId);
  }

  async control(backfillId: string, action: BackfillAction): Promise<void> {
    await this.call('POST', `/${encodeURIComponent(backfillId)}/${action}`, {});
  }

  private async call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const address = `${this.url}/api/v1/backfills${path}`;
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
    const answer = valueOf(await response.text());
    if (response.ok) return answer;
    if (response.status === 401)
      throw new Failure(`${this.url} refuses the token. Is --token (or --data) right?`);
    if (refused.Check(answer)) throw new Failure(`${answer.error.message} (HTTP ${response.status})`);
    throw new Failure(
      `What answers at ${address} is none of ours (HTTP ${response.status}). Is --url right?`,
    );
  }
}

/** Undefined for what is not JSON. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
