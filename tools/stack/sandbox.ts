import { join } from 'node:path';
import { compileCache } from './apps.ts';
import { freePort } from './free-port.ts';
import { root } from './paths.ts';
import { startProcess } from './process.ts';
import type { ProcessKeeper } from './process-keeper.ts';
import type { Service } from './supervisor.ts';

/** The doubles of Mirakl and Klaviyo as a supervised service, always on the same port. */
export async function sandboxService(options: {
  /** The program to run. */
  entry: string;
  env: NodeJS.ProcessEnv;
  logDir: string;
  keeper: ProcessKeeper;
}): Promise<{ service: Service; url: string }> {
  const port = await freePort();
  let isReady = false;
  const service: Service = {
    name: 'sandbox',
    launch: () => {
      isReady = false;
      return startProcess(
        {
          name: 'sandbox',
          command: process.execPath,
          args: [options.entry],
          env: { ...process.env, ...compileCache, ...options.env, PORT: String(port) },
          cwd: root,
          logFile: join(options.logDir, 'sandbox.log'),
          onStdoutLine: (line) => {
            if (line.startsWith('{"ready":true')) isReady = true;
          },
        },
        options.keeper,
      );
    },
    notReadyBecause: async () => (isReady ? undefined : 'it has not said that it listens'),
    startsWithinMs: 60_000,
  };
  return { service, url: `http://127.0.0.1:${port}` };
}
