/** undefined when the service at `port` says that it is ready, else what it says instead. */
export async function notReadyBecause(port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`, {
      signal: AbortSignal.timeout(3_000),
    });
    const body = await response.text();
    return response.ok ? undefined : `${response.status} ${body.slice(0, 500)}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}
