import { logLevels } from './logger.ts';
import { tracingVariables } from './start-tracing.ts';
import { duration, flag, oneOf, port, text } from './variables.ts';

/** The variables that every service has; `bootstrap` adds them to the service's own list. */
export const serviceVariables = {
  HOST: text({
    describe: 'Address on which health, metrics and API answer.',
    example: '0.0.0.0',
    default: '127.0.0.1',
  }),
  PORT: port({
    describe: 'Port on which health, metrics and API answer; 0 takes any free one.',
    example: '8080',
    default: 0,
  }),
  LOG_LEVEL: oneOf(logLevels, {
    describe: 'The least important log line that is written.',
    example: 'warn',
    default: 'info',
  }),
  DRAIN_DEADLINE: duration({
    describe: 'How long a service that was asked to stop may take to finish what it has begun.',
    example: '20s',
    default: 20_000,
  }),
  WATCH_PARENT_STDIN: flag({
    describe:
      'Stop when standard input closes, so that the service does not outlive the command that started it.',
    example: '1',
    default: false,
  }),
  ...tracingVariables,
};
