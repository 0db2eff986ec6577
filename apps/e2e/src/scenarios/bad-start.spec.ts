import { afterAll, describe, expect, it } from '@jest/globals';
import { startUp, workplace } from '../system.fixture.ts';

// real: [the command `up`, broker, PostgreSQL], double: []

const place = workplace();
afterAll(() => place.remove());

const goodPolicy = `
marketplaces:
  - id: m
    name: M
    baseUrl: http://127.0.0.1:9/mirakl/m
    apiKey: some-key
    backfillFrom: 2025-01-01
`;

async function outputOf(
  policy: string,
  env: Record<string, string>,
  args: readonly string[] = ['--json'],
): Promise<{ code: number | null; stderr: string; stdout: string }> {
  const up = startUp({ policyFile: place.writePolicy(policy), dataDir: place.dataDir, env, args });
  const code = await up.exited;
  return { code, stderr: up.stderr.join('\n'), stdout: up.stdout.join('\n') };
}

describe('a start that cannot work', () => {
  it('names every mistake in marketplaces.yaml with its line', async () => {
    const policy = goodPolicy.replace('2025-01-01', 'yesterday').replace('id: m', 'id: M m');
    const { code, stderr, stdout } = await outputOf(policy, { KLAVIYO_API_KEY: 'pk_x' });
    expect(code).toBe(78);
    expect(stderr).toMatch(/line 3: marketplaces\.0\.id: must be small letters/);
    expect(stderr).toMatch(/line 7: marketplaces\.0\.backfillFrom: must be the date/);
    expect(stdout).toBe('');
  });

  it('asks for the Klaviyo key when there is none', async () => {
    const { code, stderr } = await outputOf(goodPolicy, { KLAVIYO_API_KEY: '' });
    expect(code).toBe(78);
    expect(stderr).toContain('KLAVIYO_API_KEY');
  });

  it('says that the database does not answer', async () => {
    const env = { KLAVIYO_API_KEY: 'pk_x', DATABASE_URL: 'postgresql://nobody:wrong@127.0.0.1:9/none' };
    const { code, stderr } = await outputOf(goodPolicy, env);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/DATABASE_URL|database/i);
    expect(stderr).not.toContain('wrong@');
  });

  it('says that the broker does not answer', async () => {
    const { code, stderr } = await outputOf(goodPolicy, {
      KLAVIYO_API_KEY: 'pk_x',
      KAFKA_BROKERS: '127.0.0.1:9',
    });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/KAFKA_BROKERS|broker/i);
  });

  it('explains its flags', async () => {
    const { code, stderr } = await outputOf(goodPolicy, {}, ['--colour', 'blue']);
    expect(code).toBe(64);
    expect(stderr).toContain('--marketplaces');
  });
});
