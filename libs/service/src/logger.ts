import { destination, type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';

import { type MaskText, maskText, redact } from './redact.ts';
import { serializeError } from './serialize-error.ts';
import { currentTraceId } from './tracing.ts';

export type Logger = PinoLogger;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  /** Values that must never be written, wherever they turn up. */
  readonly secrets?: readonly string[];
  /** Where the lines go; standard output when left out. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines on standard output. In normal operation nothing is written: a line means that a person may have
 * to act. Every finished line is redacted as a whole (see redact.ts), so that neither a child logger's bindings nor
 * an interpolated message can carry personal data or a secret past it.
 */
export function createLogger(name: string, level: LogLevel, options: LoggerOptions = {}): Logger {
  const mask = maskText(options.secrets ?? []);
  const settings = {
    name,
    level,
    base: {},
    mixin: traceOfLine,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorOrNothing, error: errorOrNothing },
    hooks: { streamWrite: (line: string) => redactLine(line, mask) },
  };
  // Written at once: the last lines before an exit are those that matter, and they must come in their order.
  return pino(settings, options.destination ?? destination({ dest: 1, sync: true }));
}

function errorOrNothing(error: unknown): unknown {
  return error === undefined || error === null ? error : serializeError(error);
}

/** A line that is written while an order is dealt with names the trace, so that one leads to the other. */
function traceOfLine(): object {
  const traceId = currentTraceId();
  return traceId === undefined ? {} : { traceId };
}

function redactLine(line: string, mask: MaskText): string {
  const parsed: unknown = JSON.parse(line);
  return `${JSON.stringify(redact(parsed, mask))}\n`;
}
