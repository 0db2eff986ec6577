import { kafkaVariables } from '@watertight/kafka';
import { databaseVariables } from '@watertight/postgres';
import { integer, text } from '@watertight/service';

/** Every variable of mirakl-ingest, beside those that all services have. */
export const ingestVariables = {
  ...kafkaVariables,
  ...databaseVariables,
  MARKETPLACES_FILE: text({
    describe: 'The policy file: which marketplaces there are and what each one allows.',
    example: './marketplaces.yaml',
  }),
  SWEEP_DAYS: integer({
    describe: 'How many days back the daily sweep reads orders once more by creation date.',
    example: '30',
    default: 14,
    min: 1,
    max: 365,
  }),
  BACKFILL_MAX_IN_FLIGHT: integer({
    describe: 'A backfill waits while the mapper and the writer have more messages than this before them.',
    example: '20000',
    default: 5_000,
    min: 100,
    max: 10_000_000,
  }),
};
