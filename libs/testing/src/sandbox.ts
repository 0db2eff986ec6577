import { fileURLToPath } from 'node:url';

import { startProcess } from './service-process.ts';
import { waitUntil } from './wait-until.ts';

/** The doubles of Mirakl and Klaviyo, running as a process of their own. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 30_000;

/**
 * Starts the sandbox (which must have been built) with the given settings, such as SANDBOX_SEED, on a free port.
 * Throws with the end of what it wrote when it does not get ready.
 */
export async function startSandbox(settings: Readonly<Record<string, string>> = {}): Promise<Sandbox> {
  const main = fileURLToPath(new URL('../../../apps/sandbox/dist/main.js', import.meta.url));
  const started = startProcess([main], { PORT: '0', WATCH_PARENT_STDIN: '1', ...settings });
  let exited = false;
  const ended = started.exited.finally(() => (exited = true));
  ended.catch(() => undefined);
  try {
    const url = await waitUntil(
      'the sandbox to print its ready line, or to end',
      () => (exited ? '' : readyUrl(started.stdout)),
      { deadlineMs: START_DEADLINE_MS },
    );
    if (url === '') throw new Error('the sandbox ended before it was ready');
    return {
      url,
      async stop() {
        await started.stop();
      },
    };
  } catch (cause) {
    await started.stop();
    const output = [...started.stdout, ...started.stderr].slice(-20).join('\n');
    throw new Error(`the sandbox did not start (is apps/sandbox built?). It wrote:\n${output}`, { cause });
  }
}

function readyUrl(lines: readonly string[]): string | undefined {
  const line = lines.find((candidate) => candidate.startsWith('{"ready":true'));
  if (line === undefined) return undefined;
  const parsed: unknown = JSON.parse(line);
  const url: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'url') : undefined;
  return typeof url === 'string' ? url : undefined;
}
