// real: [PostgreSQL, HTTP, the official SDK], double: [Klaviyo (the sandbox, as a process), Kafka's publisher]
import { describe, expect, it } from '@jest/globals';
import type { BuyerEvent, FactOutcome } from '@watertight/contracts';
import { waitUntil } from '@watertight/testing';
import { buyerEvent } from './writer.fixture.ts';
import { WriterBed } from './writer-bed.fixture.ts';

const bed = new WriterBed();

const lastWordOn = (eventId: string): FactOutcome | undefined =>
  bed.writer.published.outcomes.findLast(
    (outcome): outcome is FactOutcome => outcome.kind === 'fact' && outcome.factId === eventId,
  );

describe('an order whose address changes after its event has left', () => {
  const first = (publishedAt: string) => buyerEvent('A-1', { email: 'first@example.org', publishedAt });
  const second = (publishedAt: string) => buyerEvent('A-1', { email: 'second@example.org', publishedAt });
  const eventId = first('').eventId;

  it('is an exception for a person, and nothing is sent to the other profile', async () => {
    await bed.writer.deliver(first('2026-11-20T11:00:01Z'));
    const [outcome] = await bed.writer.deliver(second('2026-11-20T12:00:00Z'));
    expect(outcome).toMatchObject({ kind: 'dead', reason: 'klaviyo.sent_for_another_address' });
    expect(bed.writer.published.wordOn(eventId)).toBe('failed klaviyo.sent_for_another_address');
    expect(await bed.klaviyo.events('?email=second@example.org')).toEqual([]);
  });

  it('stays one when the read-back finds what was sent', async () => {
    await bed.writer.deliver(first('2026-11-20T11:00:01Z'));
    await bed.writer.deliver(second('2026-11-20T12:00:00Z'));
    await waitUntil('both parts to be read back', async () => {
      await bed.writer.verify.round();
      const rows = await bed.writer.database.query(`select 1 from delivery where state = 'verified'`);
      return rows.length === 2;
    });
    expect(bed.writer.published.wordOn(eventId)).toBe('failed klaviyo.sent_for_another_address');
  });

  it('is none any more when the marketplace gives the first address again', async () => {
    await bed.writer.deliver(first('2026-11-20T11:00:01Z'));
    await bed.writer.deliver(second('2026-11-20T12:00:00Z'));
    await bed.writer.deliver(first('2026-11-20T13:00:00Z'));
    expect(bed.writer.published.wordOn(eventId)).toBe('accepted klaviyo.accepted');
  });

  it('regression: an old record that Kafka delivers again does not take the exception back', async () => {
    await bed.writer.deliver(first('2026-11-20T11:00:01Z'));
    await bed.writer.deliver(second('2026-11-20T12:00:00Z'));
    await bed.writer.deliver(first('2026-11-20T11:00:01Z'));
    expect(bed.writer.published.wordOn(eventId)).toBe('failed klaviyo.sent_for_another_address');
  });
});

describe('an event whose id cannot be stored', () => {
  it('regression: gets an outcome, so that its order does not stay on its way for ever', async () => {
    const strange = buyerEvent('A-1');
    const broken: BuyerEvent = {
      ...strange,
      order: { ...strange.order, lines: [{ ...strange.order.lines[0]!, eventId: 'maison-fr:A-1:line:\0' }] },
    };
    const [outcome, other] = await bed.writer.deliver(broken, buyerEvent('A-2'));
    expect(outcome).toMatchObject({ kind: 'dead', reason: 'contract.invalid_message' });
    expect(other).toEqual({ kind: 'done' });
    expect(lastWordOn(broken.eventId)).toMatchObject({
      orderKey: 'maison-fr:A-1',
      outcome: 'failed',
      reason: 'contract.invalid_message',
    });
  });
});

describe('the story of an order', () => {
  it('says what was sent and what Klaviyo answered when it refuses an event, without the person', async () => {
    await bed.writer.deliver(buyerEvent('A-1', { occurredAt: '2031-01-01T00:00:00Z' }));
    const { exchange } = lastWordOn('maison-fr:A-1:placed')!;
    expect(JSON.parse(exchange!.sent)).toMatchObject({ unique_id: 'maison-fr:A-1:placed' });
    expect(exchange!.answered).toContain('"status":400');
    expect(JSON.stringify(exchange)).not.toMatch(/@|Martin/);
  });

  it('says the same again when Kafka delivers the event again', async () => {
    const event = buyerEvent('A-1', { occurredAt: '2031-01-01T00:00:00Z' });
    await bed.writer.deliver(event);
    await bed.writer.deliver(event);
    const [one, other] = bed.writer.published.outcomes;
    expect(other).toMatchObject({ exchange: one!.kind === 'fact' ? one!.exchange : undefined });
  });

  it('says in a line per event what was accepted', async () => {
    await bed.writer.deliver(buyerEvent('A-1'));
    expect(lastWordOn('maison-fr:A-1:placed')).toMatchObject({
      outcome: 'accepted',
      exchange: {
        sent: expect.stringContaining('Placed Order maison-fr:A-1:placed'),
        answered: '202 Accepted',
      },
    });
  });

  it('of an event refused in a bulk request shows that event alone', async () => {
    const events = Array.from({ length: 40 }, (_, index) => buyerEvent(`N-${index}`));
    events[7] = buyerEvent('N-7', { occurredAt: '2031-01-01T00:00:00Z' });
    await bed.writer.deliver(...events);
    const { exchange } = lastWordOn('maison-fr:N-7:placed')!;
    expect(JSON.parse(exchange!.sent)).toMatchObject({ unique_id: 'maison-fr:N-7:placed' });
    expect(exchange!.sent).not.toContain('N-8');
  });
});

describe('a poison event that Klaviyo does not name', () => {
  it('is found by halving: all others are delivered, and none is sent alone', async () => {
    await bed.restart({ pacing: false });
    await bed.klaviyo.set({ quota: 'off', namesEntries: false });
    const events = Array.from({ length: 500 }, (_, index) => buyerEvent(`N-${index}`));
    events[123] = buyerEvent('N-123', { occurredAt: '2031-01-01T00:00:00Z' });
    const outcomes = await bed.writer.deliver(...events);
    expect(outcomes.filter(({ kind }) => kind === 'dead')).toHaveLength(1);
    expect(bed.writer.published.wordOn('maison-fr:N-123:placed')).toBe('failed klaviyo.rejected');
    await waitUntil('998 stored events', async () => (await bed.klaviyo.events()).length === 998);
    const { requests } = await bed.klaviyo.truth();
    // Two events are wrong; each is found in about log2(1,000) steps of two requests.
    expect(requests['POST /api/event-bulk-create-jobs']).toBeLessThanOrEqual(50);
    expect(requests['POST /api/events']).toBeUndefined();
  });
});
