export { bulkUpsert, type BulkResult, type BulkUpsert, type Row } from './bulk-upsert.ts';
export { classifyError } from './classify-error.ts';
export { type DatabaseOptions, type EntityClass, type MigrationClass } from './data-source.ts';
export { createDatabase, Database, type Transaction } from './database.ts';
export { databaseVariables } from './database-variables.ts';
export { CreateLease1763900000000, Leases } from './lease.ts';
export { assertMigrated, pendingMigrations, runMigrations } from './migrate.ts';
export { type Queryable } from './session.ts';
