/**
 * Resolves with the cause (`SIGTERM`, `SIGINT`, `parent`) when this process is asked to stop. Later requests
 * change nothing: Ctrl-C in a terminal reaches a child twice, from the terminal and from its parent.
 */
export function stopRequest(options: { readonly watchParentStdin: boolean }): Promise<string> {
  return new Promise((resolve) => {
    process.on('SIGTERM', resolve);
    process.on('SIGINT', resolve);
    if (!options.watchParentStdin) return;
    const parentLeft = (): void => resolve('parent');
    process.stdin.once('end', parentLeft).once('close', parentLeft).once('error', parentLeft);
    process.stdin.resume();
  });
}
