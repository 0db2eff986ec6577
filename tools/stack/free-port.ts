import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { hasCode } from './process-group.ts';

const firstPort = 20_000;
const portCount = 10_000;
const attempts = 100;

/** True when nothing listens on `port` of 127.0.0.1 (nor on all addresses). */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (hasCode(error, 'EADDRINUSE') || hasCode(error, 'EACCES')) resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * A port that is free now: `preferred` if that is, else one from below the range that systems give to outgoing
 * connections, so that it is still free when a service that died wants it back.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isPortFree(preferred))) return preferred;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = firstPort + randomInt(portCount);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No free port found between ${firstPort} and ${firstPort + portCount}.`);
}
