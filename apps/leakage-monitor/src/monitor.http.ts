import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LOGGER, type Logger } from '@watertight/service';
import { Access } from './access/access.ts';
import { guardRequests } from './access/guard-requests.ts';
import { limitRates } from './access/limit-rates.ts';
import { SignIn } from './access/sign-in.ts';
import { ErrorFilter } from './http/error-filter.ts';
import { sendSecurityHeaders } from './http/security-headers.ts';
import { serveConsole } from './http/serve-console.ts';
import type { MonitorConfig } from './monitor.config.ts';

/** Everything about HTTP that is not a controller: headers, access, errors, the console's files. */
export async function configureHttp(
  app: NestFastifyApplication,
  config: Pick<MonitorConfig, 'CONSOLE_DIR'>,
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  sendSecurityHeaders(fastify);
  guardRequests(fastify, app.get(Access), app.get(SignIn));
  await limitRates(app);
  app.useGlobalFilters(new ErrorFilter(app.get<Logger>(LOGGER)));
  await serveConsole(app, config.CONSOLE_DIR);
}
