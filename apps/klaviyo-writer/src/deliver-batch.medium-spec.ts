// real: [PostgreSQL, HTTP, the official SDK], double: [Klaviyo (the sandbox, as a process), Kafka's publisher]
import { describe, expect, it } from '@jest/globals';
import type { BuyerEvent } from '@watertight/contracts';
import { DONE } from '@watertight/kafka';
import { RetryableError } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { buyerEvent } from './writer.fixture.ts';
import { WriterBed } from './writer-bed.fixture.ts';
import { batchOf } from './writer-bench.fixture.ts';

const bed = new WriterBed();

const orders = (count: number, from = 0): BuyerEvent[] =>
  Array.from({ length: count }, (_, index) => buyerEvent(`N-${from + index}`));

/** Nothing is there twice, whatever the route. */
async function expectNoneDoubled(): Promise<void> {
  const events = await bed.klaviyo.events();
  const ids = events.map(({ metric, uniqueId, email }) => `${metric} ${uniqueId} ${email}`);
  expect(ids).toHaveLength(new Set(ids).size);
}

describe('a live order', () => {
  it('goes at once by the single route, is accepted, and verified when Klaviyo shows it', async () => {
    const event = buyerEvent();
    await expect(bed.writer.deliver(event)).resolves.toEqual([DONE]);
    expect(bed.writer.published.wordOn(event.eventId)).toBe('accepted klaviyo.accepted');
    const [placed, line] = await bed.stored(2);
    expect([placed?.route, line?.route]).toEqual(['single', 'single']);
    expect((await bed.stored(2)).map(({ metric }) => metric).sort()).toEqual([
      'Ordered Product',
      'Placed Order',
    ]);
    await bed.verified(event);
  });

  it('brings the profile along, with flat properties and no phone', async () => {
    await bed.writer.deliver(buyerEvent());
    const [event] = await bed.stored(2);
    expect(event?.profileProperties).toMatchObject({
      'Marketplace Orders': 1,
      'Marketplace SKUs': ['LAMP-01'],
    });
    expect(JSON.stringify(event)).not.toContain('+336');
  });

  it('is not kept once it is verified', async () => {
    const event = buyerEvent();
    await bed.writer.deliver(event);
    await bed.verified(event);
    const rows = await bed.writer.database.query('select payload, word from buyer_event');
    expect(rows).toEqual([{ payload: null, word: 'verified' }]);
  });

  it('sent again by Kafka is not sent again to Klaviyo, but its word is said again, the same', async () => {
    const event = buyerEvent();
    await bed.writer.deliver(event);
    await bed.writer.deliver(event);
    expect((await bed.klaviyo.truth()).requests['POST /api/events']).toBe(2);
    const ids = bed.writer.published.outcomes.map(({ outcomeId }) => outcomeId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('gets revisions that grow with each new word', async () => {
    const event = buyerEvent();
    await bed.writer.deliver(event);
    await bed.verified(event);
    const revisions = bed.writer.published.outcomes.map((outcome) =>
      outcome.kind === 'fact' ? outcome.revision : 0,
    );
    expect(revisions).toEqual([1, 2]);
  });

  it('of an address that changes afterwards does not go to the other profile too', async () => {
    await bed.writer.deliver(buyerEvent('A-1', { email: 'first@example.org' }));
    await bed.writer.deliver(buyerEvent('A-1', { email: 'second@example.org' }));
    await bed.stored(2);
    expect(await bed.klaviyo.events('?email=second@example.org')).toEqual([]);
  });
});

describe('history', () => {
  it('goes by the bulk route, flagged, and starts no flow', async () => {
    const events = orders(400).map((event) => ({ ...event, occurredAt: '2026-01-05T10:00:00Z' }));
    await bed.writer.deliver(...events);
    const all = await bed.stored(800);
    expect(new Set(all.map(({ route, backfill }) => `${route} ${backfill}`))).toEqual(new Set(['bulk true']));
    expect((await bed.klaviyo.truth()).requests['POST /api/event-bulk-create-jobs']).toBe(1);
    await bed.verified(...events);
  });

  it('of several lanes shares its requests', async () => {
    const lanes = [orders(200, 0), orders(200, 1_000), orders(200, 2_000)];
    await Promise.all(lanes.map((events) => bed.writer.deliver(...events)));
    await bed.stored(1_200);
    expect((await bed.klaviyo.truth()).requests['POST /api/event-bulk-create-jobs']).toBeLessThanOrEqual(3);
    await expectNoneDoubled();
  });
});

describe('one poison event in a bulk of a thousand', () => {
  it('fails alone: 999 are delivered by one more request, and it is a dead letter with its reason', async () => {
    const events = orders(500);
    // A time too far ahead: Klaviyo refuses it. It spoils the order's two events.
    events[250] = buyerEvent('N-250', { occurredAt: '2031-01-01T00:00:00Z' });
    const outcomes = await bed.writer.deliver(...events);
    await bed.stored(998);
    expect(outcomes[250]).toMatchObject({ kind: 'dead', reason: 'klaviyo.rejected' });
    expect(outcomes.filter(({ kind }) => kind === 'dead')).toHaveLength(1);
    expect((await bed.klaviyo.truth()).requests['POST /api/event-bulk-create-jobs']).toBe(2);
    expect(bed.writer.published.wordOn('maison-fr:N-250:placed')).toBe('failed klaviyo.rejected');
    const said = bed.writer.published.outcomes.find((one) => one.kind === 'fact' && one.outcome === 'failed');
    expect(said).toMatchObject({ detail: expect.stringContaining('time') });
    expect(JSON.stringify(said)).not.toContain('@');
  });

  it('is delivered by a replay once it is mended', async () => {
    await bed.writer.deliver(buyerEvent('A-1', { occurredAt: '2031-01-01T00:00:00Z' }));
    await bed.writer.deliver(buyerEvent('A-1'));
    await bed.stored(2);
    await bed.verified(buyerEvent('A-1'));
  });
});

describe('an id that may have left before', () => {
  it('goes by the single route after a crash between sending and marking, and is stored once', async () => {
    const events = orders(40);
    await bed.writer.deliver(...events);
    await bed.stored(80);
    // What a process leaves behind that dies between the 202 and the ledger.
    await bed.writer.database.execute(
      `update delivery set state = 'claimed', accepted_at = null, look_at = null`,
    );
    await bed.writer.database.execute('update buyer_event set word = null, revision = 0');
    await bed.writer.deliver(...events);
    const truth = await bed.klaviyo.truth();
    expect(truth.requests['POST /api/event-bulk-create-jobs']).toBe(1);
    expect(truth.requests['POST /api/events']).toBe(80);
    await bed.verified(...events);
    await expectNoneDoubled();
  });

  it('is read back first when there are many, and what Klaviyo has is not sent again', async () => {
    const events = orders(100);
    await bed.writer.deliver(...events);
    await bed.stored(200);
    await bed.writer.database.execute(
      `update delivery set state = 'claimed', accepted_at = null, look_at = null`,
    );
    await bed.writer.deliver(...events);
    expect((await bed.klaviyo.truth()).requests['POST /api/events']).toBeUndefined();
    await bed.verified(...events);
  });

  it('is read back first when it has been in doubt for more than an hour', async () => {
    const event = buyerEvent();
    await bed.writer.deliver(event);
    await bed.stored(2);
    await bed.writer.database.execute(
      `update delivery set state = 'in_doubt', look_at = null, claimed_at = now() - interval '61 minutes'`,
    );
    await bed.writer.deliver(event);
    expect((await bed.klaviyo.truth()).requests['POST /api/events']).toBe(2);
    expect(bed.writer.published.wordOn(event.eventId)).toBe('verified');
  });

  it('called a repeat by the bulk route goes on by the single route', async () => {
    const events = orders(30);
    await bed.writer.deliver(...events);
    await bed.stored(60);
    // A ledger that knows nothing of what has left, as after a restored backup.
    await bed.writer.database.execute('truncate delivery, buyer_event');
    await bed.writer.deliver(...events);
    await bed.verified(...events);
    await expectNoneDoubled();
  });
});

describe('when Klaviyo stumbles', () => {
  it('429 waits as long as Klaviyo asks, and nobody is blamed', async () => {
    await bed.klaviyo.fault({ kind: 'status', status: 429, retryAfter: 1, times: 2 });
    const startedAt = performance.now();
    await expect(bed.writer.deliver(buyerEvent())).resolves.toEqual([DONE]);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    await bed.stored(2);
  });

  it('429 on the bulk route too', async () => {
    await bed.klaviyo.fault({ kind: 'status', status: 429, retryAfter: 1, times: 1 });
    await bed.writer.deliver(...orders(50));
    await bed.stored(100);
  });

  it('429 for long pauses the lane instead of sitting it out', async () => {
    await bed.klaviyo.fault({ kind: 'status', status: 429, retryAfter: 60, times: 1 });
    await expect(bed.writer.deliver(buyerEvent())).rejects.toThrow(RetryableError);
  });

  it.each(['store-then-500', 'store-then-reset'])(
    '%s: in doubt, sent again by the single route, stored once',
    async (kind) => {
      await bed.klaviyo.fault({ kind, method: 'POST', times: 1 });
      const events = orders(40);
      await expect(bed.writer.deliver(...events)).rejects.toThrow(RetryableError);
      await bed.writer.deliverAtLast(...events);
      await bed.verified(...events);
      expect(await bed.klaviyo.events()).toHaveLength(80);
      await expectNoneDoubled();
    },
  );

  it('no answer within the time limit counts as in doubt', async () => {
    const hasty = await bed.another({ timeoutMs: 300, database: bed.writer.database });
    await bed.klaviyo.fault({ kind: 'hang', method: 'POST', times: 2 });
    await expect(hasty.deliver(buyerEvent())).rejects.toThrow(/does not answer/);
    const rows = await bed.writer.database.query('select distinct state from delivery');
    expect(rows).toEqual([{ state: 'in_doubt' }]);
    await hasty.deliverAtLast(buyerEvent());
    expect(await bed.stored(2)).toHaveLength(2);
    await hasty.close();
  });

  it('an outage pauses the lane: nothing is rejected, and all is delivered afterwards', async () => {
    await bed.klaviyo.fault({ kind: 'status', status: 503 });
    const events = orders(60);
    for (let time = 0; time < 3; time += 1)
      await expect(bed.writer.deliver(...events)).rejects.toThrow(RetryableError);
    await bed.klaviyo.clearFaults();
    await expect(bed.writer.deliverAtLast(...events)).resolves.toHaveLength(60);
    await bed.verified(...events);
    await expectNoneDoubled();
  });

  it('an address where nobody listens leaves no doubt: nothing has left', async () => {
    const lost = await bed.another({
      baseUrl: 'http://127.0.0.1:9/klaviyo',
      database: bed.writer.database,
    });
    await expect(lost.deliver(...orders(40))).rejects.toThrow(/ECONNREFUSED/);
    await expect(lost.deliver(buyerEvent())).rejects.toThrow(/ECONNREFUSED/);
    expect(await bed.writer.database.query('select * from delivery')).toEqual([]);
    await lost.close();
  });

  it.each(['pk_wrong', 'pk_sandbox_privacy'])(
    'the key %s pauses with a message that says what to do',
    async (apiKey) => {
      const wrong = await bed.another({ apiKey, database: bed.writer.database });
      await expect(wrong.deliver(buyerEvent())).rejects.toThrow(/Check KLAVIYO_API_KEY and its scopes/);
      await expect(wrong.deliver(...orders(40))).rejects.toThrow(/Check KLAVIYO_API_KEY and its scopes/);
      await expect(wrong.client.check()).rejects.toThrow(/KLAVIYO_API_KEY/);
      expect(await bed.writer.database.query('select * from delivery')).toEqual([]);
      await wrong.close();
    },
  );

  it('what it throws holds neither the key nor an address', async () => {
    await bed.klaviyo.fault({ kind: 'status', status: 500, times: 2 });
    const error: unknown = await bed.writer.deliver(buyerEvent()).catch((thrown: unknown) => thrown);
    const shown = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).stack);
    expect(shown).not.toMatch(/pk_sandbox|@example/);
  });
});

describe('an event that Klaviyo accepts and loses', () => {
  it('is sent once more by the single route and verified then', async () => {
    await bed.restart({ deadlineMs: 300 });
    await bed.klaviyo.fault({ kind: 'accept-then-lose', times: 1 });
    const event = buyerEvent();
    await bed.writer.deliver(event);
    await bed.verified(event);
    expect((await bed.klaviyo.truth()).requests['POST /api/events']).toBe(3);
    expect(await bed.klaviyo.events()).toHaveLength(2);
  });

  it('twice becomes a failure with a reason, and nothing is sent a third time', async () => {
    await bed.restart({ deadlineMs: 300 });
    await bed.klaviyo.fault({ kind: 'accept-then-lose' });
    const event = buyerEvent();
    await bed.writer.deliver(event);
    await waitUntil('the event to fail', async () => {
      await bed.writer.verify.round();
      return bed.writer.published.wordOn(event.eventId) === 'failed klaviyo.not_found_after_resend';
    });
    expect((await bed.klaviyo.truth()).requests['POST /api/events']).toBe(4);
    await bed.klaviyo.clearFaults();
    await bed.writer.commands.run(
      {
        type: 'replay',
        stage: 'writer',
        orderKey: event.orderKey,
        commandId: 'c-1',
        requestedBy: 'ops',
        requestedAt: '2026-11-20T12:00:00Z',
        why: 'Klaviyo is well again',
      },
      new AbortController().signal,
    );
    await bed.verified(event);
  });

  it('is not confused by a torn answer to the read-back', async () => {
    const event = buyerEvent();
    await bed.writer.deliver(event);
    await bed.klaviyo.fault({ kind: 'torn-json', method: 'GET', times: 1 });
    await expect(
      waitUntil('the read-back to come about', async () => {
        await bed.writer.verify.round();
        return bed.writer.published.wordOn(event.eventId) === 'verified';
      }),
    ).resolves.toBe(true);
  });
});

describe('a marketplace that allows events for existing profiles only', () => {
  const careful = (orderId: string, email: string) =>
    buyerEvent(orderId, { email, deliver: 'events_for_existing_profiles' });

  it('makes no new profile: the event is withheld with its reason', async () => {
    await bed.klaviyo.profile({ email: 'known@example.org', consent: 'SUBSCRIBED' });
    const [known, unknown] = [careful('A-1', 'known@example.org'), careful('A-2', 'unknown@example.org')];
    await bed.writer.deliver(known, unknown);
    await bed.stored(2);
    expect(bed.writer.published.wordOn(known.eventId)).toBe('accepted klaviyo.accepted');
    expect(bed.writer.published.wordOn(unknown.eventId)).toBe('withheld policy.no_profile');
    expect(await bed.klaviyo.events('?email=unknown@example.org')).toEqual([]);
    const kept = await bed.writer.database.query(
      `select event_id from buyer_event where payload is not null`,
    );
    expect(kept).toEqual([{ event_id: known.eventId }]);
  });
});

describe('a lane that is taken away', () => {
  it('sends nothing more, and gives its claims back', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(bed.writer.deliverBatch.deliver(batchOf(orders(40), stop.signal))).rejects.toThrow(
      RetryableError,
    );
    expect(await bed.writer.database.query('select * from delivery')).toEqual([]);
    expect(await bed.klaviyo.events()).toEqual([]);
  });
});

describe('whatever happens', () => {
  it('no call is ever made that could change consent', async () => {
    await bed.writer.deliver(...orders(40), buyerEvent());
    await bed.verified(...orders(40), buyerEvent());
    expect((await bed.klaviyo.truth()).forbiddenCalls).toBe(0);
  });
});
