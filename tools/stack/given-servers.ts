import { connect } from 'node:net';
import pg from 'pg';
import { Failure } from './failure.ts';
import { waitUntil } from './wait-until.ts';

const answersWithinMs = 10_000;
const everyMs = 250;

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const finish = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}

/**
 * Checks that one of the brokers that KAFKA_BROKERS names (host:port, by commas) accepts connections. Whether it lets
 * us in is seen when the topics are created. Throws a Failure when none does within ten seconds.
 */
export async function checkGivenBroker(brokers: string, signal: AbortSignal): Promise<void> {
  const addresses = brokers.split(',').map((address) => {
    const match = /^\s*(.+):(\d+)\s*$/.exec(address);
    if (match === null) throw new Failure(`KAFKA_BROKERS must be host:port, by commas; it is "${brokers}".`);
    return { host: match[1] ?? '', port: Number(match[2]) };
  });
  await waitUntil(
    async () => {
      const answers = await Promise.all(addresses.map(({ host, port }) => accepts(host, port)));
      return answers.some(Boolean) ? true : undefined;
    },
    {
      withinMs: answersWithinMs,
      everyMs,
      signal,
      late: () =>
        new Failure(
          `No Kafka broker answers at ${brokers} (KAFKA_BROKERS). Start it, correct the variable, or leave it out ` +
            'to have a broker started.',
        ),
    },
  );
}

/**
 * Checks that the database of DATABASE_URL lets us in. Throws a Failure, which names the server but never the
 * password, when it refuses or does not answer within ten seconds.
 */
export async function checkGivenDatabase(databaseUrl: string, signal: AbortSignal): Promise<void> {
  if (!URL.canParse(databaseUrl)) {
    throw new Failure('DATABASE_URL must be a URL such as postgresql://user:password@host:5432/database.');
  }
  const { host, pathname } = new URL(databaseUrl);
  let reason = '';
  await waitUntil(
    async () => {
      const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 3_000 });
      // A connection that breaks after it was made is of no interest here.
      client.on('error', () => undefined);
      try {
        await client.connect();
        return true;
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
        return undefined;
      } finally {
        await client.end();
      }
    },
    {
      withinMs: answersWithinMs,
      everyMs,
      signal,
      late: () =>
        new Failure(
          `The database ${pathname.slice(1)} at ${host} (DATABASE_URL) cannot be used: ${reason}. Start it, correct the ` +
            'variable, or leave it out to have a database started.',
        ),
    },
  );
}
