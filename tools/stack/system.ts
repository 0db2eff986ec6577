import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allOrFirstFailure } from './all-or-first-failure.ts';
import { appNames, appService } from './apps.ts';
import { createTopics } from './create-topics.ts';
import { freePort } from './free-port.ts';
import type { ProcessKeeper } from './process-keeper.ts';
import { ProcessList } from './process-list.ts';
import type { Progress } from './progress.ts';
import { builtPrograms, type Programs } from './programs.ts';
import { sandboxService } from './sandbox.ts';
import { persistedSecret } from './secret-file.ts';
import { startStack, type Stack, type StackOptions } from './stack.ts';
import { Supervisor, type Service, type SupervisorLimits } from './supervisor.ts';

const appStopGraceMs = 12_000;
const sandboxStopGraceMs = 2_000;

/** What the services are pointed at. */
export interface Target {
  marketplacesFile: string;
  /** Further environment of the four apps: keys and addresses. */
  env: NodeJS.ProcessEnv;
}

export interface SystemOptions {
  dataDir: string;
  keeper: ProcessKeeper;
  progress: Progress;
  /** Ends the start. Once the system runs, `stop` ends it. */
  signal: AbortSignal;
  /** What is run as the services; the built apps of this repository unless a test says otherwise. */
  programs?: Programs;
  /** Starts broker and database; as `npm run up` does unless a test says otherwise. */
  startStack?: (options: StackOptions) => Promise<Stack>;
  /** The port of the API and the console; any when undefined. */
  apiPort?: number;
  /** How often the apps may die, and how soon they are started again; as always unless a test says otherwise. */
  appLimits?: Partial<SupervisorLimits>;
  /** Settings of the sandbox, where there is to be one. */
  sandbox?: { env: NodeJS.ProcessEnv };
  /** What is to be checked as soon as the programs are built, before any service is started. */
  afterBuild?: (signal: AbortSignal) => Promise<void>;
  /** Says what to point the services at; asked when the sandbox, if any, is there. */
  target: (sandboxUrl: string | undefined) => Target | Promise<Target>;
}

/** A whole running system. */
export interface System {
  /** Where the API and the console listen: `http://127.0.0.1:4400`. */
  url: string;
  /** Opens the API. */
  token: string;
  sandboxUrl: string | undefined;
  processes: ProcessList;
  /** Rejects with a Failure when one of the services cannot be kept running. */
  failed: Promise<never>;
  /** Ends everything, the apps first so that they can finish what they have begun. At most about 25 s. */
  stop(): Promise<void>;
}

/** What has been started so far. */
interface Started {
  stack?: Stack;
  sandbox?: Supervisor;
  apps: Supervisor[];
}

function appEnvironment(stack: Stack, target: Target, dataDir: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    BUYER_ID_KEY: process.env['BUYER_ID_KEY'] ?? persistedSecret(join(dataDir, 'buyer-id-key')),
    ...target.env,
    KAFKA_BROKERS: stack.kafkaBrokers,
    DATABASE_URL: stack.databaseUrl,
    MARKETPLACES_FILE: target.marketplacesFile,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info',
  };
}

/** The port of the last run where it is free: a page that is open in a browser finds the system again. */
async function rememberedPort(file: string): Promise<number> {
  const known = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
  const port = await freePort(known);
  writeFileSync(file, String(port));
  return port;
}

async function stopStarted(started: Started): Promise<void> {
  await Promise.all(started.apps.map((app) => app.stop(appStopGraceMs)));
  await started.sandbox?.stop(sandboxStopGraceMs);
  await started.stack?.stop();
}

/** The parts of one start, which run side by side as far as they can. */
class SystemStart {
  readonly started: Started = { apps: [] };
  readonly processes: ProcessList;
  readonly token: string;
  private readonly options: SystemOptions;
  private readonly programs: Programs;
  private readonly logDir: string;
  private readonly failing = new AbortController();
  private readonly signal: AbortSignal;

  constructor(options: SystemOptions) {
    this.options = options;
    this.programs = options.programs ?? builtPrograms;
    this.logDir = join(options.dataDir, 'logs');
    this.signal = AbortSignal.any([options.signal, this.failing.signal]);
    this.processes = new ProcessList(join(options.dataDir, 'processes.json'));
    this.token = persistedSecret(join(options.dataDir, 'token'));
  }

  /** Starts everything. When something fails, all of it is ended again and the first error thrown. */
  async run(apiPort: number): Promise<{ sandboxUrl: string | undefined }> {
    const build = this.build();
    const stack = this.startStack();
    const sandbox = this.startSandbox(build);
    const topics = this.createTopics(build, stack);
    const apps = this.startApps(apiPort, { stack, sandbox, topics });
    try {
      await allOrFirstFailure([build, stack, sandbox, topics, apps], this.failing);
    } catch (error) {
      await stopStarted(this.started);
      throw error;
    }
    return { sandboxUrl: await sandbox };
  }

  private async build(): Promise<void> {
    const { keeper, progress } = this.options;
    await this.programs.build({
      logFile: join(this.logDir, 'build.log'),
      keeper,
      progress,
      signal: this.signal,
    });
    await this.options.afterBuild?.(this.signal);
  }

  private async startStack(): Promise<Stack> {
    const { dataDir, keeper, progress } = this.options;
    const stack = await (this.options.startStack ?? startStack)({
      dataDir,
      database: 'watertight',
      durable: true,
      keeper,
      progress,
      signal: this.signal,
      onChange: (name, pid) => this.processes.set(name, pid),
    });
    this.started.stack = stack;
    return stack;
  }

  private async startSandbox(build: Promise<void>): Promise<string | undefined> {
    if (this.options.sandbox === undefined) return undefined;
    await build;
    const { service, url } = await sandboxService({
      entry: this.programs.entry('sandbox'),
      env: this.options.sandbox.env,
      logDir: this.logDir,
      keeper: this.options.keeper,
    });
    this.started.sandbox = await this.supervise(service);
    return url;
  }

  private async createTopics(build: Promise<void>, stack: Promise<Stack>): Promise<void> {
    const { keeper, progress } = this.options;
    const [{ kafkaBrokers }] = await Promise.all([stack, build]);
    await createTopics({
      entry: this.programs.entry('create-topics'),
      kafkaBrokers,
      logFile: join(this.logDir, 'create-topics.log'),
      keeper,
      progress,
      signal: this.signal,
    });
  }

  private async startApps(
    apiPort: number,
    before: { stack: Promise<Stack>; sandbox: Promise<string | undefined>; topics: Promise<void> },
  ): Promise<void> {
    const { dataDir, keeper, progress, target } = this.options;
    const [stack, sandboxUrl] = await Promise.all([before.stack, before.sandbox, before.topics]);
    progress('services: starting');
    const env = appEnvironment(stack, await target(sandboxUrl), dataDir);
    const starting = appNames.map(async (name) => {
      const isMonitor = name === 'leakage-monitor';
      const service = appService({
        name,
        entry: this.programs.entry(name),
        env: isMonitor ? { ...env, LOCAL_TOKEN: this.token } : env,
        ...(isMonitor ? { port: apiPort } : {}),
        logDir: this.logDir,
        keeper,
      });
      this.started.apps.push(await this.supervise(service, this.options.appLimits));
    });
    await allOrFirstFailure(starting, this.failing);
  }

  private supervise(service: Service, limits: Partial<SupervisorLimits> = {}): Promise<Supervisor> {
    return Supervisor.start(service, {
      progress: this.options.progress,
      signal: this.signal,
      onChange: (pid) => this.processes.set(service.name, pid),
      limits,
    });
  }
}

/**
 * Starts broker, database and sandbox and builds what is stale, all at once; then creates the topics, then starts the
 * four apps and waits until each is ready. When something fails, all of it is ended again and the first error
 * thrown.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const start = new SystemStart(options);
  const apiPort = options.apiPort ?? (await rememberedPort(join(options.dataDir, 'api-port')));
  const { sandboxUrl } = await start.run(apiPort);
  const { started, processes, token } = start;
  const supervisors = [...(started.stack?.supervisors ?? []), ...started.apps];
  if (started.sandbox !== undefined) supervisors.push(started.sandbox);
  const failed = Promise.race(supervisors.map((supervisor) => supervisor.failed));
  // For whoever waits for it; nobody waiting must not crash the command.
  failed.catch(() => undefined);
  return {
    url: `http://127.0.0.1:${apiPort}`,
    token,
    sandboxUrl,
    processes,
    failed,
    stop: () => stopStarted(started),
  };
}
