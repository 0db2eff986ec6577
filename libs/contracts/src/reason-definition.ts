import type { Bucket } from './buckets.ts';

export type OwnerRole = 'marketing' | 'operations' | 'platform';
export type Severity = 'info' | 'low' | 'medium' | 'high';

export interface ReasonDefinition {
  /** What it means, for a person who never saw the code. */
  readonly meaning: string;
  /** Where it leaves the order; null for reasons that are about a source, a stage or a message, not an order. */
  readonly bucket: Bucket | null;
  readonly owner: OwnerRole;
  readonly severity: Severity;
  /** Hours until a person should have acted; null where nobody needs to. */
  readonly dueHours: number | null;
  readonly whatToDo: string;
  readonly resolvesWhen: string;
}
