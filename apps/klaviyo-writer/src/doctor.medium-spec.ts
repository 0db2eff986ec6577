// real: [HTTP, the official SDK, the built program], double: [Klaviyo, by the sandbox]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProcess } from '@watertight/testing';
import { KlaviyoDouble } from './writer-bench.fixture.ts';

const program = fileURLToPath(new URL('../dist/doctor.main.js', import.meta.url));
let klaviyo: KlaviyoDouble;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watertight-doctor-'));
  klaviyo = await KlaviyoDouble.start();
  await klaviyo.set({ keys: { pk_writes_only: ['events:write', 'metrics:read'] } });
});
afterAll(async () => {
  await klaviyo.stop();
  rmSync(folder, { recursive: true });
});

interface Finding {
  readonly check: string;
  readonly result: string;
  readonly detail: string;
}

/** Runs the doctor as `npm run doctor` does. */
async function examine(env: Readonly<Record<string, string>>, policyLines = '') {
  const file = join(folder, 'marketplaces.yaml');
  writeFileSync(
    file,
    `${policyLines}marketplaces:
  - id: maison-fr
    name: Maison
    baseUrl: http://127.0.0.1:1/mirakl/maison-fr
    apiKey: \${MAISON_API_KEY}
    backfillFrom: 2025-11-01
`,
  );
  const running = startProcess([program], {
    MARKETPLACES_FILE: file,
    KLAVIYO_BASE_URL: klaviyo.baseUrl,
    KLAVIYO_TIMEOUT: '2s',
    ...env,
  });
  const { code } = await running.exited;
  const findings = running.stdout.map((line) => JSON.parse(line) as Finding);
  const of = (result: string) => findings.filter((one) => one.result === result).map(({ check }) => check);
  const detailOf = (check: string) => findings.find((one) => one.check === check)?.detail;
  return {
    code,
    problems: of('problem'),
    warnings: of('warning'),
    detailOf,
    stderr: running.stderr.join('\n'),
  };
}

describe('the doctor of the Klaviyo account', () => {
  it('finds nothing wrong with an account that is set up well, and says until when the revision lasts', async () => {
    const keys = { KLAVIYO_API_KEY: 'pk_sandbox', KLAVIYO_PRIVACY_API_KEY: 'pk_sandbox_privacy' };
    const { code, problems, warnings, detailOf } = await examine(keys);
    expect({ code, problems, warnings }).toEqual({ code: 0, problems: [], warnings: [] });
    expect(detailOf('account_currency')).toContain('EUR');
    expect(detailOf('api_revision')).toMatch(/may retire it on 2028-07-15, in \d+ days/);
  });

  it('is content with a key that has the needed scopes only', async () => {
    const { code, problems, warnings, detailOf } = await examine({ KLAVIYO_API_KEY: 'pk_sandbox_narrow' });
    expect({ code, problems, warnings }).toEqual({
      code: 0,
      problems: [],
      warnings: ['account_currency', 'privacy_key'],
    });
    expect(detailOf('account_currency')).toContain('lacks the scope accounts:read, which nothing else needs');
  });

  it('says once what is wrong with a wrong key, and does not show it', async () => {
    const { code, problems, detailOf, stderr } = await examine({ KLAVIYO_API_KEY: 'pk_is_wrong' });
    expect({ code, problems, stderr }).toEqual({ code: 1, problems: ['api_key'], stderr: '' });
    expect(detailOf('api_key')).toContain('Incorrect authentication credentials');
    expect(detailOf('scope_events_read')).toBe('Not found out: see api_key.');
    expect(detailOf('api_key')).not.toContain('pk_is_wrong');
  });

  it('names the scopes that a key lacks', async () => {
    const { code, problems, detailOf } = await examine({ KLAVIYO_API_KEY: 'pk_writes_only' });
    expect({ code, problems }).toEqual({ code: 1, problems: ['scope_events_read', 'scope_profiles_read'] });
    expect(detailOf('scope_events_read')).toContain('lacks the scope events:read');
  });

  it('knows the key for erasure when it is given as the other one', async () => {
    const { problems, detailOf } = await examine({ KLAVIYO_API_KEY: 'pk_sandbox_privacy' });
    expect(problems).toEqual(['api_key']);
    expect(detailOf('api_key')).toContain('Is it the key for erasure');
  });

  it('says that a currency differs, because Klaviyo never converts', async () => {
    const { problems, detailOf } = await examine(
      { KLAVIYO_API_KEY: 'pk_sandbox' },
      'reportingCurrency: USD\n',
    );
    expect(problems).toEqual(['account_currency']);
    expect(detailOf('account_currency')).toContain('never converts');
  });

  it('names metrics of other integrations that are called like ours', async () => {
    await klaviyo.metric({ name: 'Placed Order', integration: 'Shopify' });
    const { code, warnings, detailOf } = await examine({
      KLAVIYO_API_KEY: 'pk_sandbox',
      KLAVIYO_PRIVACY_API_KEY: 'pk_sandbox_privacy',
    });
    expect({ code, warnings }).toEqual({ code: 0, warnings: ['metric_names'] });
    expect(detailOf('metric_names')).toContain('Placed Order (Shopify)');
  });

  it('says that Klaviyo does not answer in time', async () => {
    await klaviyo.fault({ kind: 'hang' });
    const { code, detailOf } = await examine({ KLAVIYO_API_KEY: 'pk_sandbox', KLAVIYO_TIMEOUT: '200ms' });
    await klaviyo.clearFaults();
    expect(code).toBe(1);
    expect(detailOf('api_key')).toBe('Klaviyo does not answer (not within KLAVIYO_TIMEOUT)');
  });

  it('lists what is missing before it asks anybody', async () => {
    const { code, stderr } = await examine({});
    expect(code).toBe(78);
    expect(stderr).toContain('KLAVIYO_API_KEY is missing');
  });
});
