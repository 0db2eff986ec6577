import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort } from './free-port.ts';
import { isKafkaReady } from './kafka-probe.ts';

async function takenPort(): Promise<{ port: number; close: () => void }> {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { port: address.port, close: () => server.close() };
}

test('gives the preferred port when it is free', async () => {
  const { port, close } = await takenPort();
  close();
  assert.equal(await freePort(port), port);
});

test('avoids a port that is taken', async () => {
  const { port, close } = await takenPort();
  assert.notEqual(await freePort(port), port);
  close();
});

test('does not take something else that listens for a broker', async () => {
  const { port, close } = await takenPort();
  assert.equal(await isKafkaReady(`127.0.0.1:${port}`, 1_000), false);
  close();
});
