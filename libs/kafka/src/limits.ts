/** A record larger than this is neither sent nor worked on, in bytes of key, value and headers. The broker's own default is a little over. */
export const MESSAGE_MAX_BYTES = 1_000_000;

/** One produce request holds at most this, in bytes, so that it stays under the broker's limit whatever the framing adds. */
export const REQUEST_MAX_BYTES = 900_000;

/** A detail in headers, outcomes and logs is cut here, in characters. */
export const DETAIL_MAX_LENGTH = 500;
