import { type LoggerService } from '@nestjs/common';

import { type Logger } from './logger.ts';

/** Contexts whose errors `bootstrap` reports itself, once and in words. */
const reportedElsewhere: readonly unknown[] = ['ExceptionHandler', 'NestApplication'];

/** NestJS speaks through our logger. Its tales about routes and modules are for debugging. */
export function nestLogger(logger: Logger): LoggerService {
  const lines = logger.child({ component: 'nestjs' });
  return {
    log: (message: unknown) => lines.debug(String(message)),
    debug: (message: unknown) => lines.debug(String(message)),
    verbose: (message: unknown) => lines.trace(String(message)),
    warn: (message: unknown, context?: unknown) => lines.warn({ context }, String(message)),
    error: (message: unknown, ...rest: unknown[]) => {
      const context = rest.at(-1);
      if (reportedElsewhere.includes(context)) return;
      if (message instanceof Error) lines.error({ context, err: message });
      else lines.error({ context }, String(message));
    },
    fatal: (message: unknown) => lines.error(String(message)),
  };
}
