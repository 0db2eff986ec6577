import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A door between a client and a server, which a test can shut. */
export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** Breaks every connection and refuses new ones until `restore`. */
  cut(): Promise<void>;
  /** Keeps connections open but passes nothing on any more, as a network that swallows packets does. */
  freeze(): void;
  /** Accepts connections again, on the same port; frozen ones stay dead. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1 and passes everything on to the given address. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    // Either side may break; both ends are then closed, which is what a proxy is for.
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    const upstream = connect(target);
    keep(client);
    keep(upstream);
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    if (frozen) return;
    client.pipe(upstream);
    upstream.pipe(client);
  });

  async function listen(port: number): Promise<number> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return addressOf(server.address()).port;
  }
  async function close(): Promise<void> {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  const port = await listen(0);
  return {
    host: '127.0.0.1',
    port,
    cut: close,
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.unpipe();
    },
    async restore() {
      frozen = false;
      if (!server.listening) await listen(port);
    },
    stop: close,
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the proxy has no TCP address');
  return address;
}
