import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { freePort } from './free-port.ts';
import { checkGivenBroker } from './given-servers.ts';
import { startComposeBroker } from './kafka-compose.ts';
import { findKafkaJars } from './kafka-jars.ts';
import { isKafkaReady } from './kafka-probe.ts';
import { describeEnd, runToEnd, startProcess } from './process.ts';
import type { ProcessKeeper } from './process-keeper.ts';
import type { Progress } from './progress.ts';
import { Supervisor } from './supervisor.ts';

const startsWithinMs = 60_000;
const stopGraceMs = 8_000;
const jvm = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
const logging = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
];

export interface Broker {
  /** Comma-separated host:port, as the services want it. */
  kafkaBrokers: string;
  /** Keeps the broker running when it is this command's own. */
  supervisor?: Supervisor;
  stop(): Promise<void>;
}

export interface BrokerOptions {
  /** The broker's files; kept from run to run. */
  dataDir: string;
  logFile: string;
  /** Where the resolved class path is remembered. */
  cacheDir: string;
  keeper: ProcessKeeper;
  progress: Progress;
  /** Ends the start; once the broker runs, `stop` ends it. */
  signal: AbortSignal;
  onChange?: (pid: number | undefined) => void;
  /** One more address to listen at, `NAME://host:port`, and its settings; only a broker of this command's own can. */
  more?: { listener: string; settings: readonly string[] };
}

interface Ports {
  broker: number;
  controller: number;
}

function readPorts(file: string): Partial<Ports> {
  if (!existsSync(file)) return {};
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const port = (name: string): number | undefined => {
    const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    return typeof found === 'number' ? found : undefined;
  };
  const [broker, controller] = [port('broker'), port('controller')];
  return broker === undefined || controller === undefined ? {} : { broker, controller };
}

/** The ports of the last run where they are still free: clients that know them find the broker again. */
async function choosePorts(dataDir: string): Promise<Ports> {
  const file = join(dataDir, 'ports.json');
  const known = readPorts(file);
  const ports = { broker: await freePort(known.broker), controller: await freePort(known.controller) };
  writeFileSync(file, JSON.stringify(ports));
  return ports;
}

function serverProperties(ports: Ports, dataDir: string, more: BrokerOptions['more']): string {
  const further = more === undefined ? '' : `,${more.listener}`;
  return `${[
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${ports.controller}`,
    `listeners=PLAINTEXT://127.0.0.1:${ports.broker},CONTROLLER://127.0.0.1:${ports.controller}${further}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${ports.broker}${further}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    `log.dirs=${join(dataDir, 'data')}`,
    'auto.create.topics.enable=false',
    'default.replication.factor=1',
    'min.insync.replicas=1',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=2',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'share.coordinator.state.topic.num.partitions=1',
    'group.initial.rebalance.delay.ms=0',
    // Tests that kill services many times do not wait for each to be missed.
    'group.min.session.timeout.ms=1000',
    // A broker that was killed may register again only when its last session is over.
    'broker.session.timeout.ms=4000',
    'broker.heartbeat.interval.ms=500',
    'log.cleaner.dedupe.buffer.size=8388608',
    'num.network.threads=2',
    'num.io.threads=4',
    // The last word on a setting counts.
    ...(more?.settings ?? []),
  ].join('\n')}\n`;
}

/** Gives the data directory its cluster id and metadata, once. */
async function format(
  java: { java: string; classPath: string },
  properties: string,
  options: BrokerOptions,
): Promise<void> {
  // Only our own mark tells that the tool came to its end.
  const mark = join(options.dataDir, 'formatted');
  if (existsSync(mark)) return;
  rmSync(join(options.dataDir, 'data'), { recursive: true, force: true });
  options.progress('broker: preparing its data directory');
  const id = randomBytes(16);
  // An id that begins with "-" would be read as an option.
  id.writeUInt8(id.readUInt8(0) & 0x7f, 0);
  const { end, process: tool } = await runToEnd(
    {
      name: 'Kafka storage tool',
      command: java.java,
      args: [
        ...jvm,
        ...logging,
        '-cp',
        java.classPath,
        'kafka.tools.StorageTool',
        'format',
        '-t',
        id.toString('base64url'),
        '-c',
        properties,
      ],
      logFile: options.logFile,
    },
    options.keeper,
    options.signal,
  );
  if (end.code !== 0) {
    throw new Failure(
      `Kafka could not prepare ${options.dataDir} (${describeEnd(end)}):\n${tool.lastOutput}`,
    );
  }
  writeFileSync(mark, '');
}

async function startOwnBroker(
  java: { java: string; classPath: string },
  options: BrokerOptions,
): Promise<Broker> {
  mkdirSync(options.dataDir, { recursive: true });
  const ports = await choosePorts(options.dataDir);
  const properties = join(options.dataDir, 'server.properties');
  writeFileSync(properties, serverProperties(ports, options.dataDir, options.more));
  await format(java, properties, options);
  const address = `127.0.0.1:${ports.broker}`;
  options.progress('broker: starting Apache Kafka');
  const supervisor = await Supervisor.start(
    {
      name: 'broker',
      launch: () =>
        startProcess(
          {
            name: 'broker',
            command: java.java,
            args: [...jvm, ...logging, '-cp', java.classPath, 'kafka.Kafka', properties],
            logFile: options.logFile,
          },
          options.keeper,
        ),
      notReadyBecause: async () =>
        (await isKafkaReady(address, 1_000)) ? undefined : `no broker answers at ${address}`,
      startsWithinMs,
      diesAtStart: 'fail',
    },
    options,
  );
  return { kafkaBrokers: address, supervisor, stop: () => supervisor.stop(stopGraceMs) };
}

/**
 * A Kafka broker: the one that KAFKA_BROKERS names, else one by docker compose, else one on Java with jars from
 * Maven. Throws a Failure that says what to install when there is no way to any of them.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const given = process.env['KAFKA_BROKERS'];
  if (given !== undefined && given !== '') {
    options.progress('broker: the one that KAFKA_BROKERS names');
    await checkGivenBroker(given, options.signal);
    return { kafkaBrokers: given, stop: async () => undefined };
  }
  const compose =
    options.more === undefined
      ? await startComposeBroker(options)
      : { problem: 'it is asked for more than it can' };
  if ('kafkaBrokers' in compose) return compose;
  const java = await findKafkaJars(options);
  if ('java' in java) return startOwnBroker(java, options);
  throw new Failure(
    'A Kafka broker is needed and there is no way to one here. Do one of these:\n' +
      '  - set KAFKA_BROKERS=host:port to use a broker that runs already;\n' +
      `  - install Docker with compose and start it (now: ${compose.problem});\n` +
      `  - install a Java runtime, 17 or newer, and Maven (now: ${java.problem}).`,
  );
}
