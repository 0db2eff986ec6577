/** An answer that Mirakl gives instead of data. The shape of its body is not documented; this one was observed. */
export class MiraklRefusal extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 429,
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}
