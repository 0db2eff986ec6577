import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { mendRequestQueue } from './mend-request-queue.ts';

/** As much of a queue as the mended method uses. */
function queue(fields: { pending: unknown[]; throttledUntil: number }): RequestQueue {
  const made: RequestQueue = Object.create(RequestQueue.prototype);
  return Object.assign(made, { throttleCheckTimeoutId: null, checkPendingRequests: jest.fn(), ...fields });
}

beforeEach(() => {
  jest.useFakeTimers();
  mendRequestQueue();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the mended request queue of kafkajs', () => {
  it('schedules nothing when no request is held back', () => {
    queue({ pending: [], throttledUntil: -1 }).scheduleCheckPendingRequests();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('looks again at held-back requests soon', () => {
    const one = queue({ pending: [{}], throttledUntil: -1 });
    one.scheduleCheckPendingRequests();
    jest.advanceTimersByTime(9);
    expect(one.checkPendingRequests).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(one.checkPendingRequests).toHaveBeenCalledTimes(1);
    expect(one.throttleCheckTimeoutId).toBeNull();
  });

  it('waits until the broker no longer throttles', () => {
    const one = queue({ pending: [{}], throttledUntil: Date.now() + 5_000 });
    one.scheduleCheckPendingRequests();
    jest.advanceTimersByTime(4_999);
    expect(one.checkPendingRequests).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(one.checkPendingRequests).toHaveBeenCalledTimes(1);
  });

  it('schedules one look at a time', () => {
    const one = queue({ pending: [{}], throttledUntil: -1 });
    one.scheduleCheckPendingRequests();
    one.scheduleCheckPendingRequests();
    expect(jest.getTimerCount()).toBe(1);
  });
});
