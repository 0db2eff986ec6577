import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { errorOfStatus } from '../mirakl-errors.ts';
import type { SellerClient } from './client.ts';

type Json = Readonly<Record<string, unknown>>;

export interface DoubleAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * OR11 as its documentation and observation have it: filter by update date (widened), sorted by creation date and
 * id, paged by offset, `max` capped at 100, `Link`, `total_count`. What happens while a scan pages through it is up to
 * the test (`beforeAnswer`).
 */
export class Or11Double {
  readonly #orders = new Map<string, Json>();
  readonly asked: URLSearchParams[] = [];
  /** Runs before each answer is made; may change orders, or answer in its place. */
  beforeAnswer: (query: URLSearchParams) => DoubleAnswer | undefined = () => undefined;

  constructor(
    private readonly now: () => Date,
    private readonly widenedByMs = 60_000,
  ) {}

  get orders(): readonly Json[] {
    return [...this.#orders.values()];
  }

  /** Puts an order there, or another content in its place; `order_id` names it. */
  put(order: Json): void {
    this.#orders.set(String(order['order_id']), order);
  }

  answer(query: URLSearchParams): DoubleAnswer {
    this.asked.push(query);
    const instead = this.beforeAnswer(query);
    if (instead !== undefined) return instead;
    const ids = query.get('order_ids')?.split(',');
    if (ids !== undefined && ids.length > 100) return this.#refusal('The limit of 100 is exceeded');
    const found = this.orders
      .filter((order) => ids === undefined || ids.includes(String(order['order_id'])))
      .filter((order) =>
        this.#isWithin(order['last_updated_date'], query, 'start_update_date', 'end_update_date'),
      )
      .filter((order) => this.#isWithin(order['created_date'], query, 'start_date', 'end_date'))
      .sort((one, other) => sortKey(one).localeCompare(sortKey(other)));
    const offset = Number(query.get('offset') ?? '0');
    const max = Math.min(Number(query.get('max') ?? '10'), 100);
    const orders = found.slice(offset, offset + max);
    const next = new URLSearchParams([...query].filter(([name]) => name !== 'offset' && name !== 'max'));
    next.set('max', String(max));
    next.set('offset', String(offset + max));
    return {
      status: 200,
      body: JSON.stringify({ orders, total_count: found.length }),
      headers: {
        ...(offset + max < found.length
          ? { link: `<http://double/api/orders?${next.toString()}>; rel="next"` }
          : {}),
        date: this.now().toUTCString(),
      },
    };
  }

  #refusal(message: string): DoubleAnswer {
    return {
      status: 400,
      body: JSON.stringify({ status: 400, message }),
      headers: { date: this.now().toUTCString() },
    };
  }

  #isWithin(value: unknown, query: URLSearchParams, start: string, end: string): boolean {
    const time = Date.parse(String(value));
    const [from, to] = [query.get(start), query.get(end)];
    // Mirakl widens the start of an update window itself, so that its own latency loses nothing.
    const widened = start === 'start_update_date' ? this.widenedByMs : 0;
    return (from === null || time >= Date.parse(from) - widened) && (to === null || time <= Date.parse(to));
  }
}

function sortKey(order: Json): string {
  return `${String(order['created_date'])}|${String(order['order_id'])}`;
}

export interface ServedDouble {
  readonly baseUrl: string;
  readonly keys: string[];
  stop(): Promise<void>;
}

/** Serves a double over HTTP on 127.0.0.1. */
export async function serveOr11(double: Or11Double, key = 'key-of-the-double'): Promise<ServedDouble> {
  const keys: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://double');
    keys.push(request.headers.authorization ?? '');
    const answer =
      request.headers.authorization === key && url.pathname === '/api/orders'
        ? double.answer(url.searchParams)
        : { status: 401, body: '{"message":"Unauthorized"}', headers: {} };
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    keys,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The double in place of the HTTP client, for tests of what is done with its pages. */
export function pagesOf(double: Or11Double): Pick<SellerClient, 'get' | 'close'> {
  return {
    async get(_path, query, read) {
      const { status, body, headers } = double.answer(query);
      if (status >= 300) throw errorOfStatus('double', status);
      const date = headers['date'];
      const answeredAt = date === undefined ? new Date(0) : new Date(date);
      return read({ body, link: headers['link'], answeredAt });
    },
    close: async () => undefined,
  };
}
