import fc from 'fast-check';

/** One reader of what comes from outside, and what must be true of it whatever comes. */
export interface FuzzTarget {
  readonly name: string;
  /** Throws when the reader does anything but what it promises. */
  readonly property: fc.IRawProperty<unknown>;
}

export interface FuzzResult {
  readonly name: string;
  readonly inputs: number;
  /** The counterexample with its seed; null when there is none. */
  readonly failure: string | null;
}

/** Tries a target with so many inputs. The same seed gives the same inputs. */
export async function runFuzz(
  { name, property }: FuzzTarget,
  inputs: number,
  seed: number,
): Promise<FuzzResult> {
  const details = await fc.check(property, { numRuns: inputs, seed });
  return { name, inputs: details.numRuns, failure: details.failed ? await describe(details) : null };
}

async function describe(details: fc.RunDetails<unknown>): Promise<string> {
  const error = details.errorInstance;
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${cause}\n${(await fc.asyncDefaultReportMessage(details)) ?? 'failed without a report'}`;
}
