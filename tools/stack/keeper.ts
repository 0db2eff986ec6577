// The keeper: a process that outlives the command by some seconds, so that nothing the command started outlives it
// for ever. It reads which process groups there are from standard input. When that closes, however the command
// ended, it ends every group that is left and then itself.
//
// While it lives it also answers on a port of its own: a second command on the same data directory learns from it
// that the first is still there, or still going.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { isAlive, signalGroup } from './process-group.ts';

const graceMs = Number(process.argv[2] ?? '10000');
const checkMs = 50;
const killedWithinMs = 2_000;

const signals = new Map<number, NodeJS.Signals>();
let ending = false;

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.end(JSON.stringify({ commandPid: process.ppid, keeperPid: process.pid, ending }));
});

/** Waits until no process is left, at most `withinMs`. */
async function allEnded(withinMs: number): Promise<void> {
  const until = Date.now() + withinMs;
  while (Date.now() < until && [...signals.keys()].some(isAlive)) {
    await new Promise((resolve) => setTimeout(resolve, checkMs));
  }
}

async function endAll(): Promise<void> {
  ending = true;
  for (const [pid, signal] of signals) signalGroup(pid, signal);
  await allEnded(graceMs);
  for (const pid of signals.keys()) signalGroup(pid, 'SIGKILL');
  // Killing takes a moment too, and who asks this port relies on everything being gone when it is.
  await allEnded(killedWithinMs);
  process.exit(0);
}

// Signals meant for the command's group must not end the keeper first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [action, pid, signal] = line.split(' ');
  if (action === 'keep') signals.set(Number(pid), signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
  if (action === 'forget') signals.delete(Number(pid));
});
lines.on('close', () => void endAll());

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
