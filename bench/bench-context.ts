import type { Progress } from '../tools/stack/progress.ts';

/** One measured number. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** As people read it: `events/s`, `ms`, `MB`, `µs CPU/event`; empty for a plain number or a ratio. */
  readonly unit: string;
  /** What it must reach; a run that misses a floor ends with exit code 1. */
  readonly floor?: number;
  /** What it should reach. */
  readonly aim?: number;
  /** Whether more is better (default) or less, as with times and memory. */
  readonly better?: 'more' | 'less';
}

/** A Node program that a benchmark has started, with what the system says of it. */
export interface BenchProgram {
  readonly pid: number;
  /** CPU seconds so far, user and system together. */
  cpuSeconds(): number;
  /** Resident memory now, in MB. */
  residentMb(): Promise<number>;
  /** The last lines that it printed. */
  readonly lastOutput: () => string;
  /** Resolves when it has ended by itself or was ended. */
  readonly ended: Promise<{ readonly code: number | null }>;
  /** Asks it to end, and kills it after `graceMs` (default 12 s). */
  stop(graceMs?: number): Promise<void>;
}

/** A service with a port of its own, ready when its /health/ready says so. */
export interface BenchService extends BenchProgram {
  /** Where its health checks and metrics are: `http://127.0.0.1:<port>`. */
  readonly url: string;
}

export interface BenchSandbox extends BenchProgram {
  /** Where the doubles of Mirakl and Klaviyo listen, without a slash at the end. */
  readonly url: string;
}

/** What a benchmark is given. Everything that it starts is ended when it ends. */
export interface BenchContext {
  readonly kafkaBrokers: string;
  /** A database of its own, empty. */
  readonly databaseUrl: string;
  /** Thrown away afterwards. */
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** A number that may be given as `-- --set name=value`. */
  number(name: string, fallback: number): number;
  /** Starts the doubles, as a process of their own, with settings such as SANDBOX_KLAVIYO_QUOTA. */
  startSandbox(settings?: Readonly<Record<string, string>>): Promise<BenchSandbox>;
  /**
   * Starts a service of this repository (`klaviyo-writer` …) or any program that serves /health/ready on PORT, and
   * waits until it is ready. KAFKA_BROKERS and DATABASE_URL are set.
   */
  startService(options: {
    readonly name: string;
    /** Path of the program; left out, it is the built app of that name. */
    readonly entry?: string;
    readonly env: Readonly<Record<string, string>>;
    readonly nodeArguments?: readonly string[];
  }): Promise<BenchService>;
  /** Starts `node <args>`; with `command` another program than Node. */
  startProgram(options: {
    readonly name: string;
    readonly args: readonly string[];
    readonly command?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly onStdoutLine?: (line: string) => void;
  }): Promise<BenchProgram>;
}

/** What each `bench/<name>.bench.ts` exports as `bench`. */
export type Bench = (context: BenchContext) => Promise<readonly Figure[]>;
