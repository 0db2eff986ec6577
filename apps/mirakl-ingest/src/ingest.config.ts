import { kafkaVariables } from '@watertight/kafka';
import { databaseVariables } from '@watertight/postgres';
import { text } from '@watertight/service';

/** Every variable of mirakl-ingest, beside those that all services have. */
export const ingestVariables = {
  ...kafkaVariables,
  ...databaseVariables,
  MARKETPLACES_FILE: text({
    describe: 'The policy file: which marketplaces there are and what each one allows.',
    example: './marketplaces.yaml',
  }),
};
