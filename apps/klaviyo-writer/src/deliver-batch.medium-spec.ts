// real: [PostgreSQL, HTTP, the official SDK], double: [Klaviyo (the sandbox, as a process), Kafka's publisher]
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BuyerEvent } from '@watertight/contracts';
import { DONE } from '@watertight/kafka';
import { RetryableError } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { buyerEvent } from './writer.fixture.ts';
import { batchOf, type BenchWriter, benchWriter, KlaviyoDouble } from './writer-bench.fixture.ts';

let klaviyo: KlaviyoDouble;
let writer: BenchWriter;

beforeAll(async () => {
  klaviyo = await KlaviyoDouble.start();
});
afterAll(async () => {
  await klaviyo.stop();
});
beforeEach(async () => {
  await klaviyo.reset();
  writer = await benchWriter({ baseUrl: klaviyo.baseUrl });
});
afterEach(async () => {
  await writer.close();
});

const orders = (count: number, from = 0): BuyerEvent[] =>
  Array.from({ length: count }, (_, index) => buyerEvent(`N-${from + index}`));

/** Waits until Klaviyo holds this many events, and returns them. */
const stored = (count: number) =>
  waitUntil(`${count} stored events`, async () => {
    const events = await klaviyo.events();
    return events.length >= count ? events : undefined;
  });

const verified = (...events: readonly BuyerEvent[]) =>
  waitUntil('every event to be verified', async () => {
    await writer.verify.round();
    return events.every(({ eventId }) => writer.published.wordOn(eventId) === 'verified');
  });

/** Nothing is there twice, whatever the route. */
async function expectNoneDoubled(): Promise<void> {
  const events = await klaviyo.events();
  const ids = events.map(({ metric, uniqueId, email }) => `${metric} ${uniqueId} ${email}`);
  expect(ids).toHaveLength(new Set(ids).size);
}

describe('a live order', () => {
  it('goes at once by the single route, is accepted, and verified when Klaviyo shows it', async () => {
    const event = buyerEvent();
    await expect(writer.deliver(event)).resolves.toEqual([DONE]);
    expect(writer.published.wordOn(event.eventId)).toBe('accepted klaviyo.accepted');
    const [placed, line] = await stored(2);
    expect([placed?.route, line?.route]).toEqual(['single', 'single']);
    expect((await stored(2)).map(({ metric }) => metric).sort()).toEqual(['Ordered Product', 'Placed Order']);
    await verified(event);
  });

  it('brings the profile along, with flat properties and no phone', async () => {
    await writer.deliver(buyerEvent());
    const [event] = await stored(2);
    expect(event?.profileProperties).toMatchObject({
      'Marketplace Orders': 1,
      'Marketplace SKUs': ['LAMP-01'],
    });
    expect(JSON.stringify(event)).not.toContain('+336');
  });

  it('is not kept once it is verified', async () => {
    const event = buyerEvent();
    await writer.deliver(event);
    await verified(event);
    const rows = await writer.database.query('select payload, word from buyer_event');
    expect(rows).toEqual([{ payload: null, word: 'verified' }]);
  });

  it('sent again by Kafka is not sent again to Klaviyo, but its word is said again, the same', async () => {
    const event = buyerEvent();
    await writer.deliver(event);
    await writer.deliver(event);
    expect((await klaviyo.truth()).requests['POST /api/events']).toBe(2);
    const ids = writer.published.outcomes.map(({ outcomeId }) => outcomeId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('gets revisions that grow with each new word', async () => {
    const event = buyerEvent();
    await writer.deliver(event);
    await verified(event);
    const revisions = writer.published.outcomes.map((outcome) =>
      outcome.kind === 'fact' ? outcome.revision : 0,
    );
    expect(revisions).toEqual([1, 2]);
  });

  it('of an address that changes afterwards does not go to the other profile too', async () => {
    await writer.deliver(buyerEvent('A-1', { email: 'first@example.org' }));
    await writer.deliver(buyerEvent('A-1', { email: 'second@example.org' }));
    await stored(2);
    expect(await klaviyo.events('?email=second@example.org')).toEqual([]);
  });
});

describe('history', () => {
  it('goes by the bulk route, flagged, and starts no flow', async () => {
    const events = orders(400).map((event) => ({ ...event, occurredAt: '2026-01-05T10:00:00Z' }));
    await writer.deliver(...events);
    const all = await stored(800);
    expect(new Set(all.map(({ route, backfill }) => `${route} ${backfill}`))).toEqual(new Set(['bulk true']));
    expect((await klaviyo.truth()).requests['POST /api/event-bulk-create-jobs']).toBe(1);
    await verified(...events);
  });

  it('of several lanes shares its requests', async () => {
    const lanes = [orders(200, 0), orders(200, 1_000), orders(200, 2_000)];
    await Promise.all(lanes.map((events) => writer.deliver(...events)));
    await stored(1_200);
    expect((await klaviyo.truth()).requests['POST /api/event-bulk-create-jobs']).toBeLessThanOrEqual(3);
    await expectNoneDoubled();
  });
});

describe('one poison event in a bulk of a thousand', () => {
  it('fails alone: 999 are delivered by one more request, and it is a dead letter with its reason', async () => {
    const events = orders(500);
    // A time too far ahead: Klaviyo refuses it. It spoils the order's two events.
    events[250] = buyerEvent('N-250', { occurredAt: '2031-01-01T00:00:00Z' });
    const outcomes = await writer.deliver(...events);
    await stored(998);
    expect(outcomes[250]).toMatchObject({ kind: 'dead', reason: 'klaviyo.rejected' });
    expect(outcomes.filter(({ kind }) => kind === 'dead')).toHaveLength(1);
    expect((await klaviyo.truth()).requests['POST /api/event-bulk-create-jobs']).toBe(2);
    expect(writer.published.wordOn('maison-fr:N-250:placed')).toBe('failed klaviyo.rejected');
    const said = writer.published.outcomes.find((one) => one.kind === 'fact' && one.outcome === 'failed');
    expect(said).toMatchObject({ detail: expect.stringContaining('time') });
    expect(JSON.stringify(said)).not.toContain('@');
  });

  it('is delivered by a replay once it is mended', async () => {
    await writer.deliver(buyerEvent('A-1', { occurredAt: '2031-01-01T00:00:00Z' }));
    await writer.deliver(buyerEvent('A-1'));
    await stored(2);
    await verified(buyerEvent('A-1'));
  });
});

describe('an id that may have left before', () => {
  it('goes by the single route after a crash between sending and marking, and is stored once', async () => {
    const events = orders(40);
    await writer.deliver(...events);
    await stored(80);
    // What a process leaves behind that dies between the 202 and the ledger.
    await writer.database.execute(
      `update delivery set state = 'claimed', accepted_at = null, look_at = null`,
    );
    await writer.database.execute('update buyer_event set word = null, revision = 0');
    await writer.deliver(...events);
    const truth = await klaviyo.truth();
    expect(truth.requests['POST /api/event-bulk-create-jobs']).toBe(1);
    expect(truth.requests['POST /api/events']).toBe(80);
    await verified(...events);
    await expectNoneDoubled();
  });

  it('is read back first when there are many, and what Klaviyo has is not sent again', async () => {
    const events = orders(100);
    await writer.deliver(...events);
    await stored(200);
    await writer.database.execute(
      `update delivery set state = 'claimed', accepted_at = null, look_at = null`,
    );
    await writer.deliver(...events);
    expect((await klaviyo.truth()).requests['POST /api/events']).toBeUndefined();
    await verified(...events);
  });

  it('is read back first when it has been in doubt for more than an hour', async () => {
    const event = buyerEvent();
    await writer.deliver(event);
    await stored(2);
    await writer.database.execute(
      `update delivery set state = 'in_doubt', look_at = null, claimed_at = now() - interval '61 minutes'`,
    );
    await writer.deliver(event);
    expect((await klaviyo.truth()).requests['POST /api/events']).toBe(2);
    expect(writer.published.wordOn(event.eventId)).toBe('verified');
  });

  it('called a repeat by the bulk route goes on by the single route', async () => {
    const events = orders(30);
    await writer.deliver(...events);
    await stored(60);
    // A ledger that knows nothing of what has left, as after a restored backup.
    await writer.database.execute('truncate delivery, buyer_event');
    await writer.deliver(...events);
    await verified(...events);
    await expectNoneDoubled();
  });
});

describe('when Klaviyo stumbles', () => {
  it('429 waits as long as Klaviyo asks, and nobody is blamed', async () => {
    await klaviyo.fault({ kind: 'status', status: 429, retryAfter: 1, times: 2 });
    const startedAt = performance.now();
    await expect(writer.deliver(buyerEvent())).resolves.toEqual([DONE]);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    await stored(2);
  });

  it('429 on the bulk route too', async () => {
    await klaviyo.fault({ kind: 'status', status: 429, retryAfter: 1, times: 1 });
    await writer.deliver(...orders(50));
    await stored(100);
  });

  it('429 for long pauses the lane instead of sitting it out', async () => {
    await klaviyo.fault({ kind: 'status', status: 429, retryAfter: 60, times: 1 });
    await expect(writer.deliver(buyerEvent())).rejects.toThrow(RetryableError);
  });

  it.each(['store-then-500', 'store-then-reset'])(
    '%s: in doubt, sent again by the single route, stored once',
    async (kind) => {
      await klaviyo.fault({ kind, method: 'POST', times: 1 });
      const events = orders(40);
      await expect(writer.deliver(...events)).rejects.toThrow(RetryableError);
      await writer.deliverAtLast(...events);
      await verified(...events);
      expect(await klaviyo.events()).toHaveLength(80);
      await expectNoneDoubled();
    },
  );

  it('no answer within the time limit counts as in doubt', async () => {
    const hasty = await benchWriter({ baseUrl: klaviyo.baseUrl, timeoutMs: 300, database: writer.database });
    await klaviyo.fault({ kind: 'hang', method: 'POST', times: 2 });
    await expect(hasty.deliver(buyerEvent())).rejects.toThrow(/does not answer/);
    const rows = await writer.database.query('select distinct state from delivery');
    expect(rows).toEqual([{ state: 'in_doubt' }]);
    await hasty.deliverAtLast(buyerEvent());
    expect(await stored(2)).toHaveLength(2);
    await hasty.close();
  });

  it('an outage pauses the lane: nothing is rejected, and all is delivered afterwards', async () => {
    await klaviyo.fault({ kind: 'status', status: 503 });
    const events = orders(60);
    for (let time = 0; time < 3; time += 1)
      await expect(writer.deliver(...events)).rejects.toThrow(RetryableError);
    await klaviyo.clearFaults();
    await expect(writer.deliverAtLast(...events)).resolves.toHaveLength(60);
    await verified(...events);
    await expectNoneDoubled();
  });

  it('an address where nobody listens leaves no doubt: nothing has left', async () => {
    const lost = await benchWriter({ baseUrl: 'http://127.0.0.1:9/klaviyo', database: writer.database });
    await expect(lost.deliver(...orders(40))).rejects.toThrow(/ECONNREFUSED/);
    await expect(lost.deliver(buyerEvent())).rejects.toThrow(/ECONNREFUSED/);
    expect(await writer.database.query('select * from delivery')).toEqual([]);
    await lost.close();
  });

  it.each(['pk_wrong', 'pk_sandbox_privacy'])(
    'the key %s pauses with a message that says what to do',
    async (apiKey) => {
      const wrong = await benchWriter({ baseUrl: klaviyo.baseUrl, apiKey, database: writer.database });
      await expect(wrong.deliver(buyerEvent())).rejects.toThrow(/Check KLAVIYO_API_KEY and its scopes/);
      await expect(wrong.deliver(...orders(40))).rejects.toThrow(/Check KLAVIYO_API_KEY and its scopes/);
      await expect(wrong.client.check()).rejects.toThrow(/KLAVIYO_API_KEY/);
      expect(await writer.database.query('select * from delivery')).toEqual([]);
      await wrong.close();
    },
  );

  it('what it throws holds neither the key nor an address', async () => {
    await klaviyo.fault({ kind: 'status', status: 500, times: 2 });
    const error: unknown = await writer.deliver(buyerEvent()).catch((thrown: unknown) => thrown);
    const shown = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).stack);
    expect(shown).not.toMatch(/pk_sandbox|@example/);
  });
});

describe('an event that Klaviyo accepts and loses', () => {
  it('is sent once more by the single route and verified then', async () => {
    await writer.close();
    writer = await benchWriter({ baseUrl: klaviyo.baseUrl, deadlineMs: 300 });
    await klaviyo.fault({ kind: 'accept-then-lose', times: 1 });
    const event = buyerEvent();
    await writer.deliver(event);
    await verified(event);
    expect((await klaviyo.truth()).requests['POST /api/events']).toBe(3);
    expect(await klaviyo.events()).toHaveLength(2);
  });

  it('twice becomes a failure with a reason, and nothing is sent a third time', async () => {
    await writer.close();
    writer = await benchWriter({ baseUrl: klaviyo.baseUrl, deadlineMs: 300 });
    await klaviyo.fault({ kind: 'accept-then-lose' });
    const event = buyerEvent();
    await writer.deliver(event);
    await waitUntil('the event to fail', async () => {
      await writer.verify.round();
      return writer.published.wordOn(event.eventId) === 'failed klaviyo.not_found_after_resend';
    });
    expect((await klaviyo.truth()).requests['POST /api/events']).toBe(4);
    await klaviyo.clearFaults();
    await writer.commands.run(
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
    await verified(event);
  });

  it('is not confused by a torn answer to the read-back', async () => {
    const event = buyerEvent();
    await writer.deliver(event);
    await klaviyo.fault({ kind: 'torn-json', method: 'GET', times: 1 });
    await expect(
      waitUntil('the read-back to come about', async () => {
        await writer.verify.round();
        return writer.published.wordOn(event.eventId) === 'verified';
      }),
    ).resolves.toBe(true);
  });
});

describe('a marketplace that allows events for existing profiles only', () => {
  const careful = (orderId: string, email: string) =>
    buyerEvent(orderId, { email, deliver: 'events_for_existing_profiles' });

  it('makes no new profile: the event is withheld with its reason', async () => {
    await klaviyo.profile({ email: 'known@example.org', consent: 'SUBSCRIBED' });
    const [known, unknown] = [careful('A-1', 'known@example.org'), careful('A-2', 'unknown@example.org')];
    await writer.deliver(known, unknown);
    await stored(2);
    expect(writer.published.wordOn(known.eventId)).toBe('accepted klaviyo.accepted');
    expect(writer.published.wordOn(unknown.eventId)).toBe('withheld policy.no_profile');
    expect(await klaviyo.events('?email=unknown@example.org')).toEqual([]);
    const kept = await writer.database.query(`select event_id from buyer_event where payload is not null`);
    expect(kept).toEqual([{ event_id: known.eventId }]);
  });
});

describe('a lane that is taken away', () => {
  it('sends nothing more, and gives its claims back', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(writer.deliverBatch.deliver(batchOf(orders(40), stop.signal))).rejects.toThrow(
      RetryableError,
    );
    expect(await writer.database.query('select * from delivery')).toEqual([]);
    expect(await klaviyo.events()).toEqual([]);
  });
});

describe('whatever happens', () => {
  it('no call is ever made that could change consent', async () => {
    await writer.deliver(...orders(40), buyerEvent());
    await verified(...orders(40), buyerEvent());
    expect((await klaviyo.truth()).forbiddenCalls).toBe(0);
  });
});
