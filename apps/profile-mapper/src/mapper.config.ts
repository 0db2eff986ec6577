import { kafkaVariables } from '@watertight/kafka';
import { databaseVariables } from '@watertight/postgres';
import { secret, text } from '@watertight/service';

/** What profile-mapper is set up with, beside what every service has. */
export const mapperVariables = {
  ...kafkaVariables,
  ...databaseVariables,
  MARKETPLACES_FILE: text({
    describe: 'The file that says which marketplaces there are and what each allows.',
    example: '/etc/watertight/marketplaces.yaml',
  }),
  BUYER_ID_KEY: secret({
    describe: 'Key of the hash that stands for a buyer; the same for ever, or every buyer becomes another.',
    example: '…32 random characters or more…',
    lengthMin: 32,
  }),
};
