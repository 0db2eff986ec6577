import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** True when something accepts connections at `address` (host:port). */
function answers(address) {
  const [host, port] = address.split(':');
  return new Promise((done) => {
    const socket = connect({ host, port: Number(port), timeout: 2_000 });
    const end = (result) => {
      socket.destroy();
      done(result);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/** The stack that `npm run stack` keeps running, if it does; a file left behind by a killed one is not believed. */
async function sharedStack(root) {
  let text;
  try {
    text = readFileSync(join(root, '.local/stack.json'), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
  const { kafkaBrokers, databaseUrl } = JSON.parse(text);
  const database = new URL(databaseUrl);
  const alive = await Promise.all([answers(kafkaBrokers.split(',')[0]), answers(database.host)]);
  return alive.every(Boolean) ? { kafkaBrokers, databaseUrl } : undefined;
}

/** Starts a broker and a database for this run alone. They end when `stop` is called or this process dies. */
async function ownStack(root) {
  const child = spawn(
    join(root, 'node_modules/node/bin/node'),
    ['--disable-warning=ExperimentalWarning', join(root, 'tools/run/stack.main.ts'), '--own', '--json'],
    // It ends when the channel closes, that is with this process, however that ends.
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  const ended = new Promise((done) => child.once('exit', done));
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    new Promise((done) => lines.once('line', done)),
    ended.then((code) => {
      throw new Error(`The test stack ended with code ${code} before it was ready; its messages are above.`);
    }),
  ]);
  return {
    ...JSON.parse(first),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * Where the tests find a broker and a database: KAFKA_BROKERS and DATABASE_URL when both are set, else the stack
 * that `npm run stack` keeps running, else one started for this run.
 */
export async function useTestStack(root) {
  if (process.env.KAFKA_BROKERS !== undefined && process.env.DATABASE_URL !== undefined) {
    return { environment: {}, stop: async () => {} };
  }
  const shared = await sharedStack(root);
  const stack = shared ?? (await ownStack(root));
  return {
    environment: { KAFKA_BROKERS: stack.kafkaBrokers, DATABASE_URL: stack.databaseUrl },
    stop: stack.stop ?? (async () => {}),
  };
}
