import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { Failure } from '../stack/failure.ts';

/** sysexits: the command was used wrongly. */
export const usageErrorCode = 64;

type Flags<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: T; strict: true; allowPositionals: false }>
>['values'];

/** The command's flags. Throws a Failure with the usage when one is unknown or misses its value. */
export function parseFlags<T extends ParseArgsOptionsConfig>(
  options: T,
  usage: string,
  args: string[] = process.argv.slice(2),
): Flags<T> {
  try {
    return parseArgs({ options, args, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure(`${message}\n\n${usage}`, usageErrorCode);
  }
}

/** A port number from 1 to 65535. Throws a Failure with the usage for anything else. */
export function parsePort(text: string, usage: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new Failure(`--port ${text}: it must be a number from 1 to 65535.\n\n${usage}`, usageErrorCode);
  }
  return port;
}
