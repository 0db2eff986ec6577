import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/** How long kafkajs waits before it looks again at requests that were held back, in milliseconds. */
const CHECK_INTERVAL_MS = 10;

/**
 * kafkajs 2.2.4 schedules a look at its held-back requests after every answer, also when none is held back, with
 * the negative delay `throttledUntil - now`. Node 20 and later print a TimeoutNegativeWarning for it, and the timer
 * re-arms itself each millisecond as long as the connection lives. The only change: without a held-back request
 * nothing is scheduled. Whatever is held back later schedules its own look when it is queued.
 * https://github.com/tulios/kafkajs/issues/1704 (the loop), https://github.com/tulios/kafkajs/issues/1751 (the warning)
 */
function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const throttledForMs = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    throttledForMs > 0 ? throttledForMs : CHECK_INTERVAL_MS,
  );
}

/** Idempotent. Throws when another version of kafkajs no longer has what is mended here. */
export function mendRequestQueue(): void {
  if (typeof RequestQueue.prototype.scheduleCheckPendingRequests !== 'function') {
    throw new TypeError(
      'kafkajs no longer schedules checks of held-back requests: remove mend-request-queue.ts',
    );
  }
  RequestQueue.prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
}
