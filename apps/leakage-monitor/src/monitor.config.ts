import { databaseVariables } from '@watertight/postgres';
import { kafkaVariables } from '@watertight/kafka';
import { type ConfigOf, optional, secret, text, url } from '@watertight/service';

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
  OIDC_ISSUER: optional(
    url({
      schemes: ['https', 'http'],
      tlsOutsideLoopback: true,
      describe: 'The identity provider whose tokens are let in.',
      example: 'https://id.example.com/realms/shop',
    }),
  ),
  OIDC_AUDIENCE: optional(
    text({ describe: 'What its tokens must be made for; needed with OIDC_ISSUER.', example: 'watertight' }),
  ),
  OIDC_CLIENT_ID: optional(
    text({
      describe:
        'How the console is known there: with it people sign in by browser; without it only tokens count.',
      example: 'watertight-console',
    }),
  ),
  OIDC_CLIENT_SECRET: optional(
    secret({ describe: 'The secret of that client, where it has one.', example: '…', lengthMin: 8 }),
  ),
  OIDC_ROLES_CLAIM: text({
    describe: 'Where in a token the roles stand; a dot leads into an object.',
    example: 'realm_access.roles',
    default: 'roles',
  }),
  OIDC_ROLE_VIEWER: text({ describe: 'The role that may look.', example: 'shop-viewer', default: 'viewer' }),
  OIDC_ROLE_OPERATOR: text({
    describe: 'The role that may also act: exceptions, claims, replays, reveals.',
    example: 'shop-operator',
    default: 'operator',
  }),
  OIDC_ROLE_ADMIN: text({
    describe: 'The role that may also erase people.',
    example: 'shop-admin',
    default: 'admin',
  }),
  CONSOLE_DIR: optional(
    text({
      describe: 'Folder of the built console; the one next to this service when left out.',
      example: '/app/console',
    }),
  ),
};

export type MonitorConfig = ConfigOf<typeof monitorVariables>;
