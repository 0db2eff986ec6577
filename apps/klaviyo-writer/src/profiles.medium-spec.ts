// real: [PostgreSQL, HTTP, the official SDK], double: [Klaviyo (the sandbox, as a process), Kafka's publisher]
import { describe, expect, it } from '@jest/globals';
import type { BuyerProfile, Command } from '@watertight/contracts';
import { waitUntil } from '@watertight/testing';
import { buyerEvent, buyerProfile, policy } from './writer.fixture.ts';
import { WriterBed } from './writer-bed.fixture.ts';
import { batchOf } from './writer-bench.fixture.ts';

const bed = new WriterBed();

const take = (...profiles: readonly BuyerProfile[]) =>
  bed.writer.takeProfiles.take({
    ...batchOf([]),
    topic: 'buyer.profiles.v1',
    messages: profiles.map((value, index) => ({
      value,
      key: value.buyerId,
      topic: 'buyer.profiles.v1',
      partition: 0,
      offset: String(index),
      timestampMs: 0,
      headers: {},
    })),
  });

/** Rounds until the profile that waited for an event is looked at. */
const upsertRound = async (done: () => Promise<boolean>) =>
  waitUntil('the round to do it', async () => {
    await bed.writer.roundOf('upserts').run();
    return done();
  });

const isSettled = async (): Promise<boolean> =>
  (await bed.writer.database.query('select 1 from buyer_profile where due_at is not null')).length === 0;

const command = (one: Partial<Command>): Command =>
  ({
    commandId: 'c-1',
    requestedBy: 'ops',
    requestedAt: '2026-11-20T12:00:00Z',
    why: 'a test',
    ...one,
  }) as Command;

describe('a profile that changes', () => {
  const email = 'zoe@example.org';

  it('with an event is not written a second time', async () => {
    await bed.writer.deliver(buyerEvent('A-1', { email, profile: { version: 3 } }));
    await take(buyerProfile(email, { version: 3 }));
    await upsertRound(isSettled);
    expect((await bed.klaviyo.truth()).requests['POST /api/profile-import']).toBeUndefined();
    const kept = await bed.writer.database.query('select profile, email from buyer_profile');
    expect(kept).toEqual([{ profile: null, email }]);
  });

  it('without an event is written by itself', async () => {
    await bed.writer.deliver(buyerEvent('A-1', { email }));
    await bed.stored(2);
    await take(buyerProfile(email, { version: 2, orders: 7 }));
    await upsertRound(isSettled);
    expect((await bed.klaviyo.truth()).requests['POST /api/profile-import']).toBe(1);
    const [event] = await bed.klaviyo.events();
    expect(event?.profileProperties).toMatchObject({ 'Marketplace Orders': 7 });
  });

  it('of a buyer of whom nothing has left makes no profile', async () => {
    await take(buyerProfile('nobody@example.org', { version: 2 }));
    await waitUntil('it to be looked at', async () => {
      await bed.writer.roundOf('upserts').run();
      const rows = await bed.writer.database.query('select 1 from buyer_profile where due_at > now()');
      return rows.length === 1;
    });
    expect((await bed.klaviyo.truth()).requests['POST /api/profile-import']).toBeUndefined();
  });

  it('into two profiles is said with both ids, and nothing is merged', async () => {
    await bed.writer.deliver(buyerEvent('A-1', { email }));
    await bed.writer.deliver(
      buyerEvent('A-2', { email: 'other@example.org', profile: { phoneForKlaviyo: '+33612345678' } }),
    );
    await bed.stored(4);
    await take(buyerProfile(email, { version: 2, phoneForKlaviyo: '+33612345678' }));
    await upsertRound(isSettled);
    const [finding] = bed.words('finding');
    expect(finding).toMatchObject({ check: 'duplicate_profile', result: 'problem' });
    expect(finding?.detail).toMatch(new RegExp(`${buyerProfile(email).buyerId}.*01[A-Z]+`));
    expect(finding?.detail).not.toContain('@');
  });
});

describe('a phone that Klaviyo does not take', () => {
  const email = 'zoe@example.org';
  /** Fits the contract, and is no number for Klaviyo: no country begins with 0. */
  const wrong = '+0600000000';
  const withPhone = (phone: string, version: number, orderId = `A-${version}`) =>
    buyerEvent(orderId, { email, profile: { version, phoneForKlaviyo: phone } });
  const others = (count: number) => Array.from({ length: count }, (_, index) => buyerEvent(`N-${index}`));
  const dropped = async (): Promise<number> => (await bed.klaviyo.truth()).phonesDropped;

  it('regression: goes out once on the single route, and not again with the next profile', async () => {
    await bed.writer.deliver(withPhone(wrong, 1));
    expect(await dropped()).toBe(1);
    await bed.writer.deliver(withPhone(wrong, 2));
    const events = await bed.stored(4);
    expect(await dropped()).toBe(1);
    expect(events.at(-1)?.profileProperties).toMatchObject({ 'Marketplace Profile Version': 2 });
  });

  it('regression: goes out once on the bulk route, and not again with the next profile', async () => {
    await bed.writer.deliver(withPhone(wrong, 1), ...others(30));
    expect(await dropped()).toBe(1);
    await bed.writer.deliver(withPhone(wrong, 2));
    await bed.stored(64);
    expect(await dropped()).toBe(1);
  });

  it('does not go out with an upsert either', async () => {
    await bed.writer.deliver(withPhone(wrong, 1));
    await bed.stored(2);
    await take(buyerProfile(email, { version: 2, orders: 7, phoneForKlaviyo: wrong }));
    await upsertRound(isSettled);
    expect(bed.words('finding')).toEqual([]);
    expect((await bed.stored(2))[0]?.profileProperties).toMatchObject({ 'Marketplace Orders': 7 });
  });

  it('makes way for another number of the buyer', async () => {
    await bed.writer.deliver(withPhone(wrong, 1));
    await bed.writer.deliver(withPhone('+33612345678', 2));
    expect((await bed.stored(4)).map(({ phone }) => phone)).toEqual(Array(4).fill('+33612345678'));
  });
});

describe('the budget of new profiles', () => {
  const limited = { ...policy, klaviyo: { ...policy.klaviyo, newProfilesPerDay: 2 } };

  it('parks what would be beyond it, sends what costs nothing, and goes on when there is room', async () => {
    await bed.restart({ policy: limited });
    await bed.klaviyo.profile({ email: 'known@example.org', consent: 'SUBSCRIBED' });
    const events = [1, 2, 3].map((index) => buyerEvent(`A-${index}`));
    await bed.writer.deliver(...events, buyerEvent('A-9', { email: 'known@example.org' }));
    const said = [...events, buyerEvent('A-9')].map(({ eventId }) => bed.writer.published.wordOn(eventId));
    expect(said).toEqual([
      'accepted klaviyo.accepted',
      'accepted klaviyo.accepted',
      'withheld policy.profile_budget',
      'accepted klaviyo.accepted',
    ]);
    await bed.stored(6);
    await bed.writer.roundOf('parked').run();
    expect(bed.writer.published.wordOn(events[2]!.eventId)).toBe('withheld policy.profile_budget');
    await bed.writer.database.execute(`update new_profile set made_on = made_on - 1`);
    await bed.writer.roundOf('parked').run();
    expect(bed.writer.published.wordOn(events[2]!.eventId)).toBe('accepted klaviyo.accepted');
    await bed.stored(8);
  });

  it('is shared by lanes that work side by side', async () => {
    await bed.restart({ policy: limited });
    const lanes = [0, 1, 2, 3].map((lane) => [1, 2].map((index) => buyerEvent(`L-${lane}-${index}`)));
    await Promise.all(lanes.map((events) => bed.writer.deliver(...events)));
    const sent = lanes
      .flat()
      .filter(({ eventId }) => bed.writer.published.wordOn(eventId)?.startsWith('accepted'));
    expect(sent).toHaveLength(2);
  });
});

describe('consent', () => {
  it('is read from Klaviyo and mirrored when it changes, and never written', async () => {
    const event = buyerEvent('A-1', { email: 'zoe@example.org' });
    await bed.writer.deliver(event);
    await bed.stored(2);
    await take(buyerProfile('zoe@example.org'));
    const mirrored = (): unknown[] =>
      bed.writer.published.others
        .filter(({ topic }) => topic === 'buyer.consents.v1')
        .map(({ value }) => value);
    await bed.writer.roundOf('consents').run();
    expect(mirrored()).toMatchObject([
      { buyerId: event.buyerId, emailConsent: 'NEVER_SUBSCRIBED', canReceiveEmailMarketing: true },
    ]);
    const again = async (): Promise<void> => {
      await bed.writer.database.execute('update buyer_profile set consent_read_at = null');
      await bed.writer.roundOf('consents').run();
    };
    await again();
    expect(mirrored()).toHaveLength(1);
    await bed.klaviyo.profile({ email: 'zoe@example.org', consent: 'UNSUBSCRIBED', suppress: 'UNSUBSCRIBE' });
    await again();
    expect(mirrored()[1]).toMatchObject({
      emailConsent: 'UNSUBSCRIBED',
      canReceiveEmailMarketing: false,
      suppressions: ['UNSUBSCRIBE'],
    });
    expect((await bed.klaviyo.truth()).forbiddenCalls).toBe(0);
  });
});

describe('an erasure', () => {
  const event = buyerEvent('A-1', { email: 'zoe@example.org' });
  const erase = (email?: string) =>
    bed.writer.commands.run(
      command({ type: 'erase', buyerId: event.buyerId, ...(email === undefined ? {} : { email }) }),
      new AbortController().signal,
    );

  it('deletes here and in Klaviyo, says so, and no later event brings the person back', async () => {
    await bed.restart({ privacyKey: 'pk_sandbox_privacy' });
    await bed.writer.deliver(event);
    await bed.stored(2);
    await take(buyerProfile('zoe@example.org'));
    await erase();
    expect(bed.words('erasure_receipt')).toMatchObject([
      { buyerId: event.buyerId, stage: 'writer', done: true },
    ]);
    expect(bed.writer.published.wordOn(event.eventId)).toBe('erased privacy.erased');
    expect(bed.writer.published.others.at(-1)).toEqual({
      topic: 'buyer.consents.v1',
      key: event.buyerId,
      value: null,
    });
    await waitUntil('Klaviyo to have erased the person', async () =>
      (await bed.klaviyo.events()).every(({ email }) => email === null),
    );
    const later = buyerEvent('A-2', { email: 'zoe@example.org' });
    await bed.writer.deliver(later, event);
    await take(buyerProfile('zoe@example.org', { version: 9 }));
    expect(bed.writer.published.wordOn(later.eventId)).toBe('erased privacy.erased');
    expect(await bed.klaviyo.events('?email=zoe@example.org')).toEqual([]);
    const left = await bed.writer.database.query(
      `select payload from buyer_event where payload is not null union all select profile from buyer_profile`,
    );
    expect(left).toEqual([]);
  });

  it('without its key is not called done; asked again with the key it is', async () => {
    await bed.writer.deliver(event);
    await bed.stored(2);
    await take(buyerProfile('zoe@example.org'));
    await erase();
    expect(bed.words('erasure_receipt').at(-1)).toMatchObject({
      done: false,
      detail: expect.stringContaining('KLAVIYO_PRIVACY_API_KEY'),
    });
    const { database } = bed.writer;
    const other = await bed.another({
      privacyKey: 'pk_sandbox_privacy',
      database,
    });
    await other.commands.run(
      command({ type: 'erase', buyerId: event.buyerId }),
      new AbortController().signal,
    );
    expect(other.published.outcomes.at(-1)).toMatchObject({ kind: 'erasure_receipt', done: true });
    await other.close();
  });

  it('regression: finds the address also when the tombstone of the profile came first', async () => {
    await bed.restart({ privacyKey: 'pk_sandbox_privacy' });
    await bed.writer.deliver(event);
    await take(buyerProfile('zoe@example.org'));
    await bed.writer.takeProfiles.take({
      ...batchOf([]),
      messages: [
        {
          value: null,
          key: event.buyerId,
          topic: 'buyer.profiles.v1',
          partition: 0,
          offset: '1',
          timestampMs: 0,
          headers: {},
        },
      ],
    });
    const kept = await bed.writer.database.query('select profile from buyer_profile');
    expect(kept).toEqual([{ profile: null }]);
    await erase();
    expect(bed.words('erasure_receipt').at(-1)).toMatchObject({ done: true });
    expect(await bed.writer.database.query('select 1 from buyer_profile')).toEqual([]);
  });

  it('waits while Klaviyo does not answer', async () => {
    await bed.restart({ privacyKey: 'pk_sandbox_privacy' });
    await bed.klaviyo.fault({ kind: 'status', status: 503, times: 1 });
    await expect(erase('zoe@example.org')).rejects.toThrow(/503/);
    await waitUntil('the erasure to be taken', () => erase('zoe@example.org').then(() => true));
    expect(bed.words('erasure_receipt').at(-1)).toMatchObject({ done: true });
  });
});
