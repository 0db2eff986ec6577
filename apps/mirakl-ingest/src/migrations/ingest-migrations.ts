import { CreateLease1763900000000 } from '@watertight/postgres';
import { AddSlowWork1764200000000 } from './add-slow-work.ts';
import { AddSweep1764100000000 } from './add-sweep.ts';
import { CreateIngest1764000000000 } from './create-ingest.ts';

/** In the order in which they run. */
export const INGEST_MIGRATIONS = [
  CreateLease1763900000000,
  CreateIngest1764000000000,
  AddSweep1764100000000,
  AddSlowWork1764200000000,
];
