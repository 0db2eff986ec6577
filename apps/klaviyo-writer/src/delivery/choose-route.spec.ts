import { describe, expect, it } from '@jest/globals';
import { BULK_FROM_EVENTS, chooseRoute } from './choose-route.ts';

describe('the route', () => {
  it('is single when there is no queue', () => {
    expect(chooseRoute({ events: BULK_FROM_EVENTS - 1, alreadyQueued: 0 })).toBe('single');
  });

  it('is bulk when there is one', () => {
    expect(chooseRoute({ events: BULK_FROM_EVENTS, alreadyQueued: 0 })).toBe('bulk');
  });

  it('joins a queue that is there already', () => {
    expect(chooseRoute({ events: 2, alreadyQueued: 400 })).toBe('bulk');
  });
});
