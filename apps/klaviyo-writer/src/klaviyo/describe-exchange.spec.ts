import { describe, expect, it } from '@jest/globals';
import { buyerEvent, NOW, policy } from '../writer.fixture.ts';
import { buildKlaviyoEvents } from './build-event.ts';
import { describeAccepted, describeSent } from './describe-exchange.ts';

const partsOf = (...given: Parameters<typeof buyerEvent>) =>
  buildKlaviyoEvents(buyerEvent(...given), { policy, now: NOW });

describe('what we sent, for the story of an order', () => {
  it('shows the event and hides the person', () => {
    const [placed] = partsOf('A-1');
    const text = describeSent(placed!);
    expect(JSON.parse(text)).toMatchObject({
      metric: 'Placed Order',
      unique_id: 'maison-fr:A-1:placed',
      value: 49.9,
      value_currency: 'EUR',
      properties: { OrderId: 'A-1', SKUs: ['LAMP-01'] },
      profile: { email: '[hidden]', firstName: '[hidden]', version: 1 },
    });
    expect(text).not.toMatch(/example\.org|Zo|Martin|Lyon|69001/);
  });

  it('names a mapped attribute without its value, which may be about the person', () => {
    const [placed] = partsOf('A-1', { attributes: { 'Gift Message': 'For Zoé, call 0612345678' } });
    const text = describeSent(placed!);
    expect(text).toContain('"Gift Message":"[hidden]"');
    expect(text).not.toContain('0612345678');
  });

  it('is bounded, however large the order is', () => {
    const [placed] = partsOf('A-1', { lines: 900 });
    expect(describeSent(placed!).length).toBeLessThanOrEqual(4_001);
  });

  it('of an accepted order is a line per event', () => {
    expect(describeAccepted(partsOf('A-1', { lines: 7 }))).toEqual({
      sent: expect.stringMatching(
        /^Placed Order maison-fr:A-1:placed, .*\n(Ordered Product .*\n){4}and 3 more$/,
      ),
      answered: '202 Accepted',
    });
  });
});
