import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigError, CLOCK, type Clock, LOGGER, type Logger } from '@watertight/service';
import { guardRequests } from './access/guard-requests.ts';
import { LocalAccess } from './access/local-access.ts';
import { SignIn } from './access/sign-in.ts';
import { ErrorFilter } from './http/error-filter.ts';
import { sendSecurityHeaders } from './http/security-headers.ts';
import { serveConsole } from './http/serve-console.ts';
import type { MonitorConfig } from './monitor.config.ts';

/** Throws ConfigError when nobody could be let in: the API is never open to everyone. */
export function accessOf({ LOCAL_TOKEN }: Pick<MonitorConfig, 'LOCAL_TOKEN'>): LocalAccess {
  if (LOCAL_TOKEN !== undefined) return new LocalAccess(LOCAL_TOKEN);
  throw new ConfigError([
    'LOCAL_TOKEN is missing, and no identity provider is configured: nobody could use API and console. ' +
      'Set LOCAL_TOKEN to a long random text, for example the output of `openssl rand -hex 32`.',
  ]);
}

/** Everything about HTTP that is not a controller: headers, access, errors, the console's files. */
export async function configureHttp(
  app: NestFastifyApplication,
  config: Pick<MonitorConfig, 'CONSOLE_DIR'>,
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  sendSecurityHeaders(fastify);
  guardRequests(fastify, app.get(LocalAccess), app.get(SignIn), app.get<Clock>(CLOCK));
  app.useGlobalFilters(new ErrorFilter(app.get<Logger>(LOGGER)));
  await serveConsole(app, config.CONSOLE_DIR);
}
