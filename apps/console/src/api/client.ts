/** What the monitor answers when it does not answer what was asked: a sentence for people. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** GET of the monitor's API; the console's cookie opens it. Throws ApiFailure, also when nobody answers. */
export async function getJson<T>(path: string, signal: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, { headers: { accept: 'application/json' }, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiFailure(0, 'The monitor does not answer. It is asked again by itself.');
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return trusted<T>(body);
  throw new ApiFailure(response.status, messageIn(body) ?? `The monitor answered ${response.status}.`);
}

/** The answer comes from our own service of the same version, whose contract its tests hold. */
function trusted<T>(body: unknown): T {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return body as T;
}

function messageIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined;
  return typeof error.message === 'string' ? error.message : undefined;
}
