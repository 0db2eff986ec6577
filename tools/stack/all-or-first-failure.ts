/**
 * Waits for all of `tasks`. When one fails, `failing` is aborted with its error, the others are waited for (they are
 * to end by that signal), and that first error is thrown: so nothing is still being started when this returns.
 */
export async function allOrFirstFailure(
  tasks: readonly Promise<unknown>[],
  failing: AbortController,
): Promise<void> {
  for (const task of tasks) task.catch((error: unknown) => failing.abort(error));
  const results = await Promise.allSettled(tasks);
  if (results.some((result) => result.status === 'rejected')) throw failing.signal.reason;
}
