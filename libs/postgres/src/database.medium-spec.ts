// real: [postgres, TCP], double: []
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError, RetryableError } from '@watertight/service';
import { createTestSchema, startTcpProxy, type TestSchema, testStack, waitUntil } from '@watertight/testing';

import { createDatabase, type Database } from './database.ts';
import { type DatabaseOptions } from './data-source.ts';

const { databaseUrl } = testStack();
const opened: Database[] = [];
let schema: TestSchema;
let admin: Database;

function open(options: Partial<DatabaseOptions> = {}): Database {
  const database = createDatabase({ url: databaseUrl, schema: schema.schema, migrations: [], ...options });
  opened.push(database);
  return database;
}

/** Ends every connection of the application from the server's side; says how many there were. */
function terminate(applicationName: string): Promise<number> {
  return admin.execute(
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
    [applicationName],
  );
}

function through(host: string, port: number): string {
  const url = new URL(databaseUrl);
  url.host = `${host}:${port}`;
  return url.href;
}

beforeAll(async () => {
  schema = await createTestSchema(databaseUrl);
  admin = createDatabase({
    url: databaseUrl,
    schema: schema.schema,
    migrations: [],
    applicationName: 'admin',
  });
  await admin.execute('create table note (id int primary key, word text)');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
  await admin.execute('delete from note');
});
afterAll(async () => {
  await admin.close();
  await schema.drop();
});

const words = async (): Promise<string[]> =>
  (await admin.query<{ word: string }>('select word from note order by id')).map(({ word }) => word);

describe('Database', () => {
  it('works in its own schema only', async () => {
    const [row] = await open().query<{ path: string }>("select current_setting('search_path') as path");
    expect(row).toEqual({ path: schema.schema });
  });

  it('gives rows of every statement, and counts with execute', async () => {
    const database = open();
    const insert = "insert into note values (1, 'one'), (2, 'two')";
    expect(await database.execute(insert)).toBe(2);
    expect(await database.query('update note set word = $1 where id = 2 returning id', ['deux'])).toEqual([
      { id: 2 },
    ]);
    expect(await database.execute('delete from note where id > 5')).toBe(0);
  });

  it('names itself to the server and limits its statements', async () => {
    const [row] = await open({ statementTimeoutMs: 1_234 }).query<{ name: string; timeout: string }>(
      "select current_setting('application_name') as name, current_setting('statement_timeout') as timeout",
    );
    expect(row).toEqual({ name: `watertight-${schema.schema}`, timeout: '1234ms' });
  });
});

describe('a transaction', () => {
  it('commits what the work did and gives its result', async () => {
    const result = await open().transaction(async (transaction) => {
      await transaction.execute("insert into note values (1, 'one')");
      return transaction.query('select word from note');
    });
    expect(result).toEqual([{ word: 'one' }]);
    expect(await words()).toEqual(['one']);
  });

  it('undoes everything when the work throws, and passes the error on as it is', async () => {
    const bug = Object.assign(new Error('Connection terminated, says another library'), {
      code: 'ECONNRESET',
    });
    const work = open().transaction(async (transaction) => {
      await transaction.execute("insert into note values (1, 'one')");
      throw bug;
    });
    await expect(work).rejects.toBe(bug);
    expect(await words()).toEqual([]);
  });

  it('cannot be committed after a statement failed', async () => {
    const work = open().transaction(async (transaction) => {
      await transaction.execute("insert into note values (1, 'one')");
      await transaction.execute('insert into note values (1, null)').catch(() => undefined);
    });
    await expect(work).rejects.toThrow(/nothing to commit/);
    expect(await words()).toEqual([]);
  });

  it('cannot be used after its end', async () => {
    const late = await open().transaction(async (transaction) => [transaction]);
    await expect(late[0]?.query('select 1')).rejects.toThrow(/an await is missing/);
  });

  it('takes a deadlock as retryable, and the work succeeds when it is done again', async () => {
    await admin.execute("insert into note values (1, 'a'), (2, 'b')");
    const database = open();
    let waiting = 0;
    let bothHoldOne: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (bothHoldOne = resolve));
    const lockInOrder = (first: number, second: number) =>
      database.transaction(async (transaction) => {
        await transaction.execute('update note set word = word where id = $1', [first]);
        waiting += 1;
        if (waiting === 2) bothHoldOne();
        await both;
        await transaction.execute('update note set word = $2 where id = $1', [second, `by ${first}`]);
      });
    const results = await Promise.allSettled([lockInOrder(1, 2), lockInOrder(2, 1)]);
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed.map(({ reason }) => reason)).toEqual([expect.any(RetryableError)]);
    await Promise.all([lockInOrder(1, 2)]);
    expect(await words()).toContain('by 1');
  });

  it('is retryable when the server ends the connection in the middle', async () => {
    const database = open({ applicationName: 'ended-in-the-middle' });
    const work = database.transaction(async (transaction) => {
      await transaction.execute("insert into note values (1, 'one')");
      await terminate('ended-in-the-middle');
      await transaction.execute("insert into note values (2, 'two')");
    });
    await expect(work).rejects.toBeInstanceOf(RetryableError);
    expect(await words()).toEqual([]);
    await database.ping();
  });
});

describe('an outage', () => {
  it('is retryable when a statement takes too long', async () => {
    const slow = open({ statementTimeoutMs: 50 }).query('select pg_sleep(30)');
    await expect(slow).rejects.toBeInstanceOf(RetryableError);
  });

  it('leaves an unknown error unknown', async () => {
    await expect(open().query('select * from no_such_table')).rejects.not.toBeInstanceOf(RetryableError);
    await expect(open().query('select * from no_such_table')).rejects.toThrow(/no_such_table/);
  });

  it('is reported once when idle connections break, and is over with the next use', async () => {
    const lost: string[] = [];
    const onConnectionLost = (error: Error) => lost.push(error.message);
    const database = open({ applicationName: 'idle-ones', onConnectionLost });
    for (let outage = 1; outage <= 2; outage += 1) {
      await Promise.all([1, 2, 3].map(() => database.query('select pg_sleep(0.02)')));
      expect(await terminate('idle-ones')).toBe(3);
      await waitUntil('the report', () => lost.length >= outage);
      await waitUntil('a new connection', () => database.ping().then(() => true));
      expect(lost).toHaveLength(outage);
    }
  });

  it('is retryable while the database is away, and ends when it returns', async () => {
    const { hostname, port } = new URL(databaseUrl);
    const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    try {
      const database = open({ url: through(proxy.host, proxy.port) });
      await database.ping();
      await proxy.cut();
      await expect(database.ping()).rejects.toBeInstanceOf(RetryableError);
      await expect(database.transaction(async () => undefined)).rejects.toBeInstanceOf(RetryableError);
      await proxy.restore();
      await database.ping();
    } finally {
      await proxy.stop();
    }
  });

  it('at start says where nothing answers, and the same database works once it does', async () => {
    const { hostname, port } = new URL(databaseUrl);
    const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    try {
      await proxy.cut();
      const database = open({ url: through(proxy.host, proxy.port) });
      const where = `PostgreSQL on ${proxy.host}:${proxy.port} does not answer (ECONNREFUSED)`;
      await expect(database.ping()).rejects.toThrow(where);
      await proxy.restore();
      await database.ping();
    } finally {
      await proxy.stop();
    }
  });

  it('does not give a connection that went silent to the next one', async () => {
    const { hostname, port } = new URL(databaseUrl);
    const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    try {
      const database = open({
        url: through(proxy.host, proxy.port),
        statementTimeoutMs: 100,
        connectionsMax: 1,
      });
      await database.ping();
      proxy.freeze();
      await expect(database.ping()).rejects.toThrow(/Query read timeout/);
      await proxy.restore();
      await database.ping();
    } finally {
      await proxy.stop();
    }
  });
});

describe('a wrong address', () => {
  it.each([
    ['a missing database', (url: URL) => (url.pathname = '/no_such_test'), /no database "no_such_test"/],
    ['a wrong password', (url: URL) => (url.password = 'wrong-one'), /does not let "[^"]+" in/],
  ])('names %s', async (_what, change, message) => {
    const url = new URL(databaseUrl);
    change(url);
    const database = open({ url: url.href });
    await expect(database.ping()).rejects.toBeInstanceOf(ConfigError);
    await expect(database.ping()).rejects.toThrow(message);
  });
});
