import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fastifyStatic } from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The console's own addresses: each is the one page, which then shows what the address says. */
export const CONSOLE_PAGES = [
  '/',
  '/orders',
  '/exceptions',
  '/marketplaces',
  '/mapping',
  '/campaign-check',
  '/review',
  '/finance',
  '/operations',
  '/help',
];

/** Where the console is built to, seen from this file, in src as in dist. */
const CONSOLE_NEARBY = fileURLToPath(new URL('../../../console/dist', import.meta.url));

const NOT_BUILT =
  'The console has not been built: run `npm run build` in apps/console, or set CONSOLE_DIR to where it is.\n' +
  'The API works without it, at /api/v1.\n';

/**
 * Serves the built console. Its files carry a hash in their names and may be kept for ever; the page itself may not.
 */
export async function serveConsole(app: NestFastifyApplication, directory = CONSOLE_NEARBY): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  if (!existsSync(join(directory, 'index.html'))) {
    for (const page of CONSOLE_PAGES) {
      fastify.get(page, (_request, reply) =>
        reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT),
      );
    }
    return;
  }
  await app.register(fastifyStatic, {
    root: directory,
    wildcard: false,
    index: false,
    setHeaders: (reply, path) => {
      const forEver = path.includes('/assets/');
      reply.header('cache-control', forEver ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  for (const page of CONSOLE_PAGES) {
    fastify.get(page, (_request, reply) => reply.sendFile('index.html'));
  }
}
