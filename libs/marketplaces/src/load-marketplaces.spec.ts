import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@watertight/service';
import { NO_ALERTS } from './alerts-policy.ts';
import { parseMarketplaces, type LoadMarketplacesOptions } from './load-marketplaces.ts';

const minimal = `
marketplaces:
  - id: maison-fr
    name: Maison
    baseUrl: https://maison.example
    apiKey: \${MAISON_KEY}
    backfillFrom: 2025-11-01
`;
const options: LoadMarketplacesOptions = { env: { MAISON_KEY: 'top-secret-key' }, credentials: 'required' };

function problemsOf(text: string, with_: LoadMarketplacesOptions = options): readonly string[] {
  try {
    parseMarketplaces(text, 'marketplaces.yaml', with_);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('marketplaces.yaml', () => {
  it('fills in careful defaults', () => {
    const policy = parseMarketplaces(minimal, 'marketplaces.yaml', options);
    expect(policy.marketplaces[0]).toEqual({
      id: 'maison-fr',
      name: 'Maison',
      channel: 'Maison',
      api: 'seller',
      baseUrl: 'https://maison.example',
      credentials: { kind: 'key', apiKey: 'top-secret-key' },
      shopId: null,
      currency: null,
      orderTaxMode: 'TAX_INCLUDED',
      pollIntervalMs: 300_000,
      persona: 'seller',
      backfillFrom: new Date('2025-11-01T00:00:00Z'),
      timezone: 'UTC',
      contact: {
        emailFrom: ['customer_notification_email'],
        use: 'direct_only',
        relayDomains: [],
        placeholders: [],
        sharedBy: 5,
        phone: 'never',
      },
      attributes: [],
      deliver: 'events_and_profiles',
      owners: {},
    });
    expect(policy.klaviyo.metrics.placed).toBe('Placed Order');
    expect(policy.klaviyo.backfillAfterMs).toBe(72 * 3_600_000);
    expect(policy.rates.get('EUR')).toBe('1');
  });

  it('lists every problem at once, each with its line', () => {
    const text = `
reportingCurrency: euro
rates: { USD: 0.92 }
marketplaces:
  - id: Maison FR
    name: Maison
    baseUrl: https://maison.example
    apiKey: x
    backfillFrom: yesterday
    pollInterval: 5 minutes
    colour: blue
`;
    expect(problemsOf(text)).toEqual([
      'marketplaces.yaml, line 2: reportingCurrency: must be an ISO 4217 code such as EUR',
      'marketplaces.yaml, line 3: rates.USD: must be a rate as a decimal in quotes, such as "0.92"',
      'marketplaces.yaml, line 5: marketplaces.0: must not have additional properties (colour)',
      'marketplaces.yaml, line 5: marketplaces.0.id: must be small letters, digits and hyphens, at most 63; it is part of every key, so it never changes',
      'marketplaces.yaml, line 9: marketplaces.0.backfillFrom: must be the date history starts at, such as 2025-01-31 or 2025-01-31T00:00:00Z',
      'marketplaces.yaml, line 10: marketplaces.0.pollInterval: must be how often changes are asked for: a duration such as 30s, 5m, 1h or 3d',
    ]);
  });

  it('names a variable that is not set, and never shows a value', () => {
    expect(problemsOf(minimal, { env: {}, credentials: 'required' })).toEqual([
      'marketplaces.yaml, line 6: the environment variable MAISON_KEY is not set',
    ]);
    expect(problemsOf(minimal.replace('https://', 'http://')).join()).not.toContain('top-secret-key');
  });

  it('needs no credentials in services that do not sign in', () => {
    const policy = parseMarketplaces(minimal, 'marketplaces.yaml', { env: {}, credentials: 'not needed' });
    expect(policy.marketplaces[0]?.credentials).toBeNull();
  });

  it('refuses plain http outside loopback', () => {
    expect(problemsOf(minimal.replace('https://maison.example', 'http://10.0.0.8'))).toEqual([
      'marketplaces.yaml, line 5: maison-fr: baseUrl must begin with https:// (http is accepted for 127.0.0.1, ::1 and localhost only)',
    ]);
    expect(problemsOf(minimal.replace('https://maison.example', 'http://127.0.0.1:4401/m'))).toEqual([]);
  });

  it('refuses the same id twice, a wrong time zone and two metrics of one name', () => {
    const second = minimal.replace('\nmarketplaces:\n', '').trimEnd();
    const text = `klaviyo: { metrics: { placed: Order, refunded: Order } }\n${minimal.trim()}\n${second}\n    timezone: Mars/Base\n`;
    expect(problemsOf(text).map((problem) => problem.replace(/^.*?: /, ''))).toEqual([
      'klaviyo.metrics: two kinds of event have the same metric name',
      'maison-fr: this id is used twice; an id names one shop on one Mirakl instance',
      'maison-fr: timezone is not an IANA time zone such as Europe/Paris',
    ]);
  });

  it('says where YAML itself is broken', () => {
    expect(problemsOf('marketplaces:\n  - id: a\n   name: b\n')[0]).toMatch(/^marketplaces\.yaml, line \d: /);
  });

  it('warns of an interval below what Mirakl allows, and accepts it', () => {
    const policy = parseMarketplaces(
      `${minimal.trimEnd()}\n    pollInterval: 10s\n`,
      'marketplaces.yaml',
      options,
    );
    expect(policy.warnings).toEqual([
      'maison-fr: pollInterval 10s is below what Mirakl allows a seller (once in 1 min); expect 429 answers',
    ]);
  });

  it('lets a marketplace replace a shared attribute mapping, and keeps the others', () => {
    const text = `
attributes:
  - { from: order.payment_type, to: Paid by, on: event }
  - { from: line.category_label, to: Category, on: line }
${minimal.trim()}
    attributes:
      - { from: "additional:payment", to: Paid by, on: event }
`;
    const policy = parseMarketplaces(text, 'marketplaces.yaml', options);
    expect(policy.marketplaces[0]?.attributes).toEqual([
      { from: 'line.category_label', to: 'Category', on: 'line', as: 'text' },
      { from: 'additional:payment', to: 'Paid by', on: 'event', as: 'text' },
    ]);
  });

  it('refuses a mapping of a field that is not there, a property mapped twice, and a name of Klaviyo’s', () => {
    const text = `${minimal.trim()}
    attributes:
      - { from: order.customer_email, to: Email, on: event }
      - { from: order.state, to: State, on: event }
      - { from: order.currency, to: State, on: event }
`;
    expect(problemsOf(text)).toEqual([
      expect.stringContaining('line 8: maison-fr: order.customer_email is no field; order.… can be state,'),
      'marketplaces.yaml, line 10: maison-fr: "State" on event is mapped twice',
    ]);
    expect(problemsOf(text.replace('to: Email', 'to: $consent'))[0]).toMatch(/without \$/);
  });

  it('takes phone and shared-address rules of a contact', () => {
    const policy = parseMarketplaces(
      `${minimal.trim()}\n    contact: { phone: unshared, sharedBy: 0 }\n`,
      'marketplaces.yaml',
      options,
    );
    expect(policy.marketplaces[0]?.contact).toMatchObject({ phone: 'unshared', sharedBy: 0 });
    expect(problemsOf(`${minimal.trim()}\n    contact: { sharedBy: 101 }\n`)[0]).toMatch(/from 0 to 100/);
  });

  const alerting = `
review: { day: thursday, timezone: Europe/Paris }
alerts:
  routes:
    - name: ops
      webhook: { url: "\${HOOK_URL}", secret: "\${HOOK_SECRET}" }
      quietHours: { from: "22:00", to: "07:00", timezone: Europe/Paris }
`;
  const hook = { ...options.env, HOOK_URL: 'https://hooks.example/x', HOOK_SECRET: 'sixteen-letters!' };

  it('gives alert addresses and secrets only to the service that sends alerts', () => {
    const load = (alerts: 'required' | 'not needed', env: LoadMarketplacesOptions['env']) =>
      parseMarketplaces(alerting + minimal, 'marketplaces.yaml', { env, credentials: 'not needed', alerts });
    const sending = load('required', hook);
    expect(sending.review).toEqual({ day: 'thursday', timezone: 'Europe/Paris' });
    expect(sending.alerts.routes[0]).toMatchObject({
      kind: 'webhook',
      target: { url: 'https://hooks.example/x', secret: 'sixteen-letters!' },
      repeatEveryMs: 24 * 3_600_000,
    });
    expect(load('not needed', {}).alerts.routes[0]).toMatchObject({ kind: 'webhook', target: null });
    expect(() => load('required', {})).toThrow(ConfigError);
  });

  it('refuses an alert address that could be somewhere inside, and names that are used twice', () => {
    const text = `
alerts:
  routes:
    - { name: a, slack: "http://10.0.0.8/hook", marketplaces: [nowhere] }
    - { name: a, slack: "https://user:pass@hooks.example/x" }
    - { name: b }
`;
    const with_ = { ...options, alerts: 'required' } as const;
    expect(problemsOf(text + minimal, with_).map((problem) => problem.replace(/^.*?: /, ''))).toEqual([
      'alerts.a: must be an https address without credentials (http only for 127.0.0.1, ::1 and localhost)',
      'alerts.a: there is no marketplace nowhere',
      'alerts.a: this route name is used twice',
      'alerts.a: must be an https address without credentials (http only for 127.0.0.1, ::1 and localhost)',
      'alerts.b: a route needs exactly one of slack, webhook and mail',
    ]);
  });

  it('has careful alert thresholds when the file names none', () => {
    expect(parseMarketplaces(minimal, 'marketplaces.yaml', options).alerts).toEqual(NO_ALERTS);
  });
});
