import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { notReadyBecause } from './http-ready.ts';
import { localDir, root } from './paths.ts';
import { startProcess } from './process.ts';
import type { ProcessKeeper } from './process-keeper.ts';
import type { Service } from './supervisor.ts';

/** The services of the system, in the order in which the data goes through them. */
export const appNames = ['mirakl-ingest', 'profile-mapper', 'klaviyo-writer', 'leakage-monitor'] as const;
export type AppName = (typeof appNames)[number];

/** Node keeps compiled code here from run to run: four services load the same large packages at the same time. */
export const compileCache = { NODE_COMPILE_CACHE: join(localDir, 'compile-cache') };

/**
 * What keeps each service under 300 MB resident at full speed: measured, the mapper needs 267 MB with these. They cost
 * about a quarter of its speed against Node's own choice. The image has the same (Dockerfile).
 */
export const memoryFlags = ['--max-semi-space-size=8', '--max-old-space-size=256'] as const;
export const memoryEnvironment = { MALLOC_ARENA_MAX: '1' } as const;

/**
 * Settings of V8 for a service. By itself V8 lets the heap grow with what the machine has, several times over what is
 * in use, before it collects.
 */
export function nodeArgumentsOf(name: string): readonly string[] {
  return nodeArguments[name] ?? memoryFlags;
}

const nodeArguments: Readonly<Record<string, readonly string[]>> = {
  // A page of 100 orders is a few MB of short-lived objects, so the young generation may stay small.
  'klaviyo-writer': ['--max-old-space-size=160', '--max-semi-space-size=16'],
  'mirakl-ingest': ['--max-old-space-size=160', '--max-semi-space-size=8'],
};

const startsWithinMs = 120_000;

export interface AppOptions {
  name: string;
  /** The program to run. */
  entry: string;
  /** Its environment, without PORT. */
  env: NodeJS.ProcessEnv;
  /** The port it must have; without one it gets any, and another one when that is taken at a restart. */
  port?: number;
  logDir: string;
  keeper: ProcessKeeper;
}

/** One app as a supervised service: a process of its own, ready when its /health/ready says so. */
export function appService(options: AppOptions): Service {
  let port = options.port;
  return {
    name: options.name,
    launch: async () => {
      port = options.port ?? (await freePort(port));
      return startProcess(
        {
          name: options.name,
          command: process.execPath,
          args: [...nodeArgumentsOf(options.name), options.entry],
          env: { ...options.env, ...compileCache, ...memoryEnvironment, PORT: String(port) },
          cwd: root,
          logFile: join(options.logDir, `${options.name}.log`),
        },
        options.keeper,
      );
    },
    notReadyBecause: async () => (port === undefined ? 'not started' : notReadyBecause(port)),
    startsWithinMs,
  };
}
