import 'reflect-metadata';

import { type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CustomTransportStrategy } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { collectDefaultMetrics } from 'prom-client';

import { systemClock } from './clock.ts';
import { ConfigError, RetryableError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { HealthRegistry } from './health.ts';
import { type Environment, loadConfig, processEnvironment, secretsOf } from './load-config.ts';
import { createLogger, type Logger } from './logger.ts';
import { measureHttp } from './measure-http.ts';
import { nestLogger } from './nest-logger.ts';
import { rootModule, type ServiceContext } from './service.module.ts';
import { serviceVariables } from './service-variables.ts';
import { startTracing } from './start-tracing.ts';
import { stopRequest } from './stop-request.ts';
import { type ConfigOf, type Variables } from './variables.ts';

/** A service that was still starting has nothing to finish; it gets this long to close what it opened. */
const START_ABORT_MS = 2_000;

/** What a request may hold, and how long it may take to arrive; a route that needs more says so itself. */
const BODY_MAX_BYTES = 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

/** The settings of every service and the service's own. */
export type ServiceConfig<V extends Variables> = ConfigOf<typeof serviceVariables> & ConfigOf<V>;

export interface ServiceDefinition<V extends Variables> {
  /** As in logs and in the consumer group: `profile-mapper`. */
  readonly name: string;
  /** The service's own variables, beside those that every service has. */
  readonly variables: V;
  readonly module: (
    config: ServiceConfig<V>,
    context: ServiceContext,
  ) => DynamicModule | Type | Promise<DynamicModule | Type>;
  /** The Kafka transport of a service that has message handlers. */
  readonly strategy?: (app: INestApplicationContext) => CustomTransportStrategy;
  /** Routes, hooks and static files that need the HTTP application; runs before it listens. */
  readonly configure?: (app: NestFastifyApplication, config: ServiceConfig<V>) => Promise<void> | void;
  /** What the argument `migrate` runs instead of the service. */
  readonly migrate?: (config: ServiceConfig<V>, context: ServiceContext) => Promise<void>;
}

/**
 * Runs a service until it is asked to stop (SIGTERM, SIGINT, or its parent leaving), then drains it.
 * The process ends here, with one of `exitCodes`; the returned promise never resolves.
 *
 * On the way down NestJS calls, in this order: `onModuleDestroy` and `beforeApplicationShutdown` (stop taking work:
 * pollers, timers), then closes HTTP and the Kafka strategy (finish what was begun), then
 * `onApplicationShutdown` (close what the others needed: publisher, database).
 */
export async function bootstrap<V extends Variables>(definition: ServiceDefinition<V>): Promise<void> {
  process.exit(await run(definition, process.argv[2]));
}

async function run<V extends Variables>(
  definition: ServiceDefinition<V>,
  argument: string | undefined,
): Promise<number> {
  const { name } = definition;
  // Until the settings are read only a failure is written.
  let logger = createLogger(name, 'fatal');
  try {
    const env = processEnvironment();
    const secrets = secretsOf(definition.variables, env);
    logger = createLogger(name, 'fatal', { secrets });
    const config = loadServiceConfig(definition.variables, env);
    logger = createLogger(name, config.LOG_LEVEL, { secrets });
    stopOnUnknownErrors(logger);
    const context = { logger, clock: systemClock, health: new HealthRegistry(systemClock) };
    if (argument === undefined) return await serveTraced(definition, config, context);
    if (argument !== 'migrate' || definition.migrate === undefined) {
      throw new ConfigError([`The argument "${argument}" is not known to ${name}.`]);
    }
    await definition.migrate(config, context);
    return exitCodes.stopped;
  } catch (error) {
    return reportFailure(name, logger, error);
  }
}

function loadServiceConfig<V extends Variables>(variables: V, env: Environment): ServiceConfig<V> {
  // Both lists together first, so that the problems of both are named at once.
  loadConfig({ ...serviceVariables, ...variables }, env);
  return { ...loadConfig(serviceVariables, env), ...loadConfig(variables, env) };
}

async function serveTraced<V extends Variables>(
  definition: ServiceDefinition<V>,
  config: ServiceConfig<V>,
  context: ServiceContext,
): Promise<number> {
  const stopTracing = await startTracing({
    service: definition.name,
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    ratio: Number(config.OTEL_TRACES_SAMPLER_ARG),
  });
  try {
    return await serve(definition, config, context);
  } finally {
    await Promise.race([stopTracing(), context.clock.sleep(START_ABORT_MS)]);
  }
}

async function serve<V extends Variables>(
  definition: ServiceDefinition<V>,
  config: ServiceConfig<V>,
  context: ServiceContext,
): Promise<number> {
  const stop = stopRequest({ watchParentStdin: config.WATCH_PARENT_STDIN });
  const created = createApp(definition, config, context);
  const started = created.then((app) => start(app, definition, config, context));
  let begun = false;
  const running = started.then(() => {
    begun = true;
    return stop;
  });
  const cause = await Promise.race([stop, running]);
  context.health.enter('draining');
  const deadlineMs = begun ? config.DRAIN_DEADLINE : Math.min(START_ABORT_MS, config.DRAIN_DEADLINE);
  const drained = created.then((app) => app.close()).then(() => true);
  const overdue = context.clock.sleep(deadlineMs).then(() => false);
  if ((await Promise.race([drained, overdue])) || !begun) return exitCodes.stopped;
  // Leaving without an end to the work is safe, as a crash is; but someone should look why it hangs.
  context.logger.fatal({ event: 'drain_overdue', cause, deadlineMs }, 'did not drain');
  return exitCodes.unknownError;
}

async function createApp<V extends Variables>(
  definition: ServiceDefinition<V>,
  config: ServiceConfig<V>,
  context: ServiceContext,
): Promise<NestFastifyApplication> {
  collectDefaultMetrics();
  const module = rootModule(context, config, await definition.module(config, context));
  // Open connections are closed on shutdown: a console that listens for events must not hold up the drain.
  const adapter = new FastifyAdapter({
    forceCloseConnections: true,
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
  });
  measureHttp(adapter.getInstance());
  return NestFactory.create<NestFastifyApplication>(module, adapter, {
    abortOnError: false,
    logger: nestLogger(context.logger),
  });
}

async function start<V extends Variables>(
  app: NestFastifyApplication,
  definition: ServiceDefinition<V>,
  config: ServiceConfig<V>,
  context: ServiceContext,
): Promise<void> {
  if (definition.strategy !== undefined) app.connectMicroservice({ strategy: definition.strategy(app) });
  await definition.configure?.(app, config);
  await listen(app, config.HOST, config.PORT);
  // Messages come last: by now every module has been initialised, and health answers.
  await app.startAllMicroservices();
  context.health.enter('running');
  context.logger.info({ event: 'listening', url: await app.getUrl() }, 'listening');
}

async function listen(app: NestFastifyApplication, host: string, port: number): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    if (code === 'EADDRINUSE') throw new ConfigError([`PORT ${port} on ${host} is already in use.`]);
    if (code === 'EADDRNOTAVAIL') throw new ConfigError([`HOST ${host} is not an address of this machine.`]);
    throw error;
  }
}

/** An error that nobody caught is a bug. Going on could lose or double work, so the process ends. */
function stopOnUnknownErrors(logger: Logger): void {
  const stopLoudly = (error: unknown): void => {
    logger.fatal({ event: 'unknown_error', err: error }, 'unknown error, stopping');
    process.exit(exitCodes.unknownError);
  };
  process.on('uncaughtException', stopLoudly);
  process.on('unhandledRejection', stopLoudly);
}

function reportFailure(name: string, logger: Logger, error: unknown): number {
  if (error instanceof ConfigError) {
    const lines = error.problems.map((problem) => `  - ${problem}\n`);
    process.stderr.write(`${name} cannot start. What is wrong with its settings:\n${lines.join('')}`);
    return exitCodes.configuration;
  }
  if (error instanceof RetryableError) {
    logger.fatal({ event: 'unavailable', err: error }, `cannot start yet: ${error.message}`);
    return exitCodes.unavailable;
  }
  logger.fatal({ event: 'unknown_error', err: error }, 'unknown error, stopping');
  return exitCodes.unknownError;
}
