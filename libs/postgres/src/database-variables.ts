import { url } from '@watertight/service';

/** The variables of every service that keeps state. */
export const databaseVariables = {
  DATABASE_URL: url({
    describe: 'The PostgreSQL database; each service keeps to a schema of its own in it.',
    example: 'postgres://watertight:…@127.0.0.1:5432/watertight',
    schemes: ['postgres', 'postgresql'],
    // It holds a password.
    secret: true,
  }),
};
