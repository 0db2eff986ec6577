// real: [PostgreSQL, HTTP, the official SDK], double: [Klaviyo (the sandbox, as a process), Kafka's publisher]
import { describe, expect, it } from '@jest/globals';
import { checkAccount } from './account/check-account.ts';
import { buyerEvent, policy } from './writer.fixture.ts';
import { WriterBed } from './writer-bed.fixture.ts';
import type { BenchOptions } from './writer-bench.fixture.ts';

const bed = new WriterBed({ apiKey: 'pk_sandbox' });

describe('what is said of the account', () => {
  it('is how delivery goes: the use of the quota, what is open, new profiles', async () => {
    await bed.writer.deliver(buyerEvent('A-1'), buyerEvent('A-2'));
    await bed.writer.roundOf('delivery_state').run();
    expect(bed.words('delivery_state')).toMatchObject([
      { quotaShare: 1, pausedUntil: null, inDoubt: 0, awaitingReadBack: 4, newProfilesToday: 2 },
    ]);
    const single = bed.words('delivery_state')[0]?.windows.find(({ route }) => route === 'single');
    expect(single).toMatchObject({ windowSeconds: 60, limit: 3_500 });
  });

  it('says until when Klaviyo asked to wait', async () => {
    await bed.klaviyo.fault({ kind: 'status', status: 429, retryAfter: 60, times: 1 });
    await expect(bed.writer.deliver(buyerEvent('A-1'))).rejects.toThrow(/quota/);
    await bed.writer.roundOf('delivery_state').run();
    const until = bed.words('delivery_state')[0]?.pausedUntil ?? '';
    expect(Date.parse(until)).toBeGreaterThan(Date.now() + 30_000);
  });

  it("is Klaviyo's own count and sum beside the ledger, once per change", async () => {
    await bed.writer.deliver(buyerEvent('A-1'), buyerEvent('A-2'));
    await bed.stored(4);
    await bed.writer.roundOf('metric_counts').run();
    expect(
      bed.words('metric_count').map(({ metric, day, klaviyoEvents, deliveredEvents, klaviyoValue }) => ({
        metric,
        day,
        klaviyoEvents,
        deliveredEvents,
        klaviyoValue,
      })),
    ).toEqual([
      {
        metric: 'Ordered Product',
        day: '2026-11-20',
        klaviyoEvents: 2,
        deliveredEvents: 2,
        klaviyoValue: 99.8,
      },
      { metric: 'Placed Order', day: '2026-11-20', klaviyoEvents: 2, deliveredEvents: 2, klaviyoValue: 99.8 },
    ]);
    await bed.writer.roundOf('metric_counts').run();
    expect(bed.words('metric_count')).toHaveLength(2);
    await bed.klaviyo.fault({ kind: 'accept-then-lose', times: 1 });
    await bed.writer.deliver(buyerEvent('A-3'));
    await bed.stored(5);
    await bed.writer.roundOf('metric_counts').run();
    const [one, other] = bed.words('metric_count').slice(2);
    expect(
      [one, other].map((word) => (word?.deliveredEvents ?? 0) - (word?.klaviyoEvents ?? 0)).sort(),
    ).toEqual([0, 1]);
  });
});

describe('the verify command', () => {
  it('reads the events of one order back at once', async () => {
    const event = buyerEvent('A-1');
    await bed.writer.deliver(event);
    await bed.stored(2);
    await bed.writer.commands.run(
      {
        type: 'verify',
        orderKey: event.orderKey,
        commandId: 'c-1',
        requestedBy: 'ops',
        requestedAt: '2026-11-20T12:00:00Z',
        why: 'now',
      },
      new AbortController().signal,
    );
    expect(bed.writer.published.wordOn(event.eventId)).toBe('verified');
  });
});

describe('the check of the account', () => {
  const check = async (options: Partial<BenchOptions> = {}) => {
    await bed.restart(options);
    const findings = await checkAccount({
      client: bed.writer.client,
      metrics: policy.klaviyo.metrics,
      reportingCurrency: policy.reportingCurrency,
      hasPrivacyKey: options.privacyKey !== undefined,
      now: new Date('2026-11-24T00:00:00Z'),
    });
    return new Map(findings.map(({ check: name, ...finding }) => [name, finding]));
  };

  it('finds nothing wrong with a full key', async () => {
    const findings = await check({ privacyKey: 'pk_sandbox_privacy' });
    expect([...findings].filter(([, { result }]) => result !== 'ok')).toEqual([]);
    expect(findings.get('account_currency')?.detail).toContain('Europe/Paris');
    expect(findings.get('api_revision')?.detail).toContain('2028-07-15');
  });

  it('says which scope a narrow key lacks, and what that means', async () => {
    await bed.klaviyo.set({ keys: { pk_narrower: ['events:write', 'metrics:read'] } });
    const findings = await check({ apiKey: 'pk_narrower' });
    expect(findings.get('api_key')?.result).toBe('ok');
    expect(findings.get('scope_events_read')).toMatchObject({
      result: 'problem',
      detail: expect.stringContaining('events:read'),
    });
    expect(findings.get('account_currency')?.result).toBe('warning');
    expect(findings.get('privacy_key')?.result).toBe('warning');
  });

  it('says that a wrong key is wrong', async () => {
    const findings = await check({ apiKey: 'pk_wrong' });
    expect(findings.get('api_key')?.result).toBe('problem');
    expect(JSON.stringify([...findings])).not.toContain('pk_wrong');
  });

  it('regression: a scope that delivery does without leaves the service ready', async () => {
    await bed.restart({ apiKey: 'pk_sandbox_narrow' });
    await bed.writer.roundOf('findings').run();
    expect(bed.words('finding').find(({ check: name }) => name === 'account_currency')?.result).toBe(
      'warning',
    );
    await expect(bed.writer.client.check()).resolves.toBeUndefined();
  });

  it('is said on the topic when a person asks', async () => {
    await bed.writer.commands.run(
      {
        type: 'check',
        marketplaceId: null,
        commandId: 'c-1',
        requestedBy: 'ops',
        requestedAt: '2026-11-20T12:00:00Z',
        why: 'now',
      },
      new AbortController().signal,
    );
    expect(bed.words('finding').map(({ check: name }) => name)).toContain('scope_events_read');
  });
});
