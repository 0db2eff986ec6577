import { databaseVariables } from '@watertight/postgres';
import { kafkaVariables } from '@watertight/kafka';
import { type ConfigOf, optional, secret, text } from '@watertight/service';

/** Every setting of leakage-monitor beside those that all services have. */
export const monitorVariables = {
  ...kafkaVariables,
  ...databaseVariables,
  MARKETPLACES_FILE: text({
    describe: 'The marketplaces and what each allows; names and owners come from here.',
    example: '/etc/watertight/marketplaces.yaml',
  }),
  BUYER_ID_KEY: secret({
    describe:
      'Key of the hash that stands for a buyer, as profile-mapper has it: finds and erases buyers by address, and seals the addresses that are kept.',
    example: '…32 random characters or more…',
    lengthMin: 32,
  }),
  LOCAL_TOKEN: optional(
    secret({
      describe: 'The token that opens API and console where no identity provider is configured.',
      example: 'the output of: openssl rand -hex 32',
      lengthMin: 16,
    }),
  ),
  CONSOLE_DIR: optional(
    text({
      describe: 'Folder of the built console; the one next to this service when left out.',
      example: '/app/console',
    }),
  ),
};

export type MonitorConfig = ConfigOf<typeof monitorVariables>;
