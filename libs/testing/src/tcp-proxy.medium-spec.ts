// real: [TCP], double: []
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

let echo: Server;
let proxy: TcpProxy;
const clients: Socket[] = [];

async function open(): Promise<Socket> {
  const client = connect({ host: proxy.host, port: proxy.port });
  clients.push(client);
  await once(client, 'connect');
  client.on('error', () => undefined);
  return client;
}

async function say(client: Socket, word: string): Promise<string> {
  client.write(word);
  const [answer]: Buffer[] = await once(client, 'data');
  return String(answer);
}

beforeEach(async () => {
  echo = createServer((socket) => void socket.on('error', () => undefined).pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const { port } = echo.address() as AddressInfo;
  proxy = await startTcpProxy({ host: '127.0.0.1', port });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.stop();
  echo.close();
});

describe('startTcpProxy', () => {
  it('passes everything on in both directions', async () => {
    expect(await say(await open(), 'hello')).toBe('hello');
  });

  it('breaks connections and refuses new ones until it is restored', async () => {
    const client = await open();
    await say(client, 'hello');
    const closed = once(client, 'close');
    await proxy.cut();
    await closed;
    await expect(open()).rejects.toThrow(/ECONNREFUSED/);
    await proxy.restore();
    expect(await say(await open(), 'again')).toBe('again');
  });

  it('keeps a connection open and silent when it is frozen', async () => {
    const client = await open();
    await say(client, 'hello');
    proxy.freeze();
    const heard: string[] = [];
    client.on('data', (data) => heard.push(String(data)));
    client.write('anyone?');
    await proxy.restore();
    expect(await say(await open(), 'later')).toBe('later');
    expect([heard, client.destroyed]).toEqual([[], false]);
  });
});
