/** An answer that Mirakl Connect gives instead of data. */
export class ConnectRefusal extends Error {
  constructor(
    readonly status: 400 | 401 | 404,
    readonly code: string,
  ) {
    super(code);
  }
}
