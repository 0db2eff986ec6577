import type { Amounts } from './system.fixture.ts';

/** What the sandbox itself knows: the truth the system is held against. */
export interface Truth {
  /** By marketplace, also by what each order ought to become: `relay`, `direct`, `not_a_sale`, … */
  readonly mirakl: Readonly<
    Record<string, Amounts & { readonly byMeaning: Readonly<Record<string, Amounts>> }>
  >;
  readonly totals: Amounts;
  readonly klaviyo: {
    readonly events: number;
    readonly byMetric: Readonly<Record<string, number>>;
    readonly doubled: number;
    readonly forbiddenCalls: number;
    readonly throttled: number;
  };
}

export interface StoredEvent {
  readonly metric: string;
  readonly uniqueId: string;
  readonly email: string;
}

async function call<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  if (!response.ok)
    throw new Error(`${new URL(url).pathname} answered ${response.status}: ${await response.text()}`);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export function sandboxControl(url: string) {
  const post = <T>(path: string, body: unknown): Promise<T> =>
    call<T>(`${url}/sandbox${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    events: () => call<readonly StoredEvent[]>(`${url}/sandbox/klaviyo/events`),
    truth: () => call<Truth>(`${url}/sandbox/truth`),
    post,
    live: (ordersPerMinute: number) => post('/live', { ordersPerMinute }),
  };
}

export interface PolicyEntry {
  readonly id: string;
  readonly key?: string;
  readonly taxMode?: string;
  readonly pollInterval?: string;
  readonly backfillFrom?: string;
  readonly emailFrom?: readonly string[];
  readonly use?: string;
}

/** marketplaces.yaml for marketplaces of a sandbox, with an interval of seconds so that tests are quick. */
export function policyFor(sandboxUrl: string, entries: readonly PolicyEntry[]): string {
  return [
    'reportingCurrency: EUR',
    'rates: { USD: "0.92" }',
    'marketplaces:',
    ...entries.map((entry) =>
      [
        `  - id: ${entry.id}`,
        `    name: ${entry.id}`,
        `    baseUrl: ${sandboxUrl}/mirakl/${entry.id}`,
        `    apiKey: ${entry.key ?? `sandbox-${entry.id}-key`}`,
        `    orderTaxMode: ${entry.taxMode ?? 'TAX_INCLUDED'}`,
        `    pollInterval: ${entry.pollInterval ?? '1s'}`,
        `    backfillFrom: ${entry.backfillFrom ?? '2020-01-01'}`,
        `    contact: { emailFrom: ${JSON.stringify(entry.emailFrom ?? ['customer_notification_email'])}, use: ${entry.use ?? 'direct_only'} }`,
      ].join('\n'),
    ),
    '',
  ].join('\n');
}

/** The three marketplaces that the sandbox trades on by itself. */
export const SANDBOX_MARKETPLACES: readonly PolicyEntry[] = [
  { id: 'maison-fr', emailFrom: ['additional:customer-email', 'customer_notification_email'] },
  { id: 'techno-us', taxMode: 'TAX_EXCLUDED' },
  { id: 'nordmarkt-de' },
];
