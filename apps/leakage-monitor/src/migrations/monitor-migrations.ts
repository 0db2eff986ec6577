import { CreateLease1763900000000, type MigrationClass } from '@watertight/postgres';
import { AddExceptions1764030000000 } from './add-exceptions.ts';
import { AddIndexes1764040000000 } from './add-indexes.ts';
import { AddWords1764010000000 } from './add-words.ts';
import { AddReports1764020000000 } from './add-reports.ts';
import { CreateLedger1763980000000 } from './create-ledger.ts';

/** Every change of the monitor's schema, the oldest first. */
export const monitorMigrations: MigrationClass[] = [
  CreateLease1763900000000,
  CreateLedger1763980000000,
  AddWords1764010000000,
  AddReports1764020000000,
  AddExceptions1764030000000,
  AddIndexes1764040000000,
];
