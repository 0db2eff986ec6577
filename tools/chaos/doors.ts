import { startTcpProxy, type TcpProxy } from '@watertight/testing';
import type { Stack } from '../stack/stack.ts';
import { type Link, links } from './plan-chaos.ts';

/** The doors that can be shut between the services and what they talk to. The broker names its own address to its clients, so it has none. */
export class Doors {
  private readonly proxies = new Map<Link, TcpProxy>();
  private database: string | undefined;

  /** The way to the database past its door. */
  get databaseUrl(): string {
    if (this.database === undefined) throw new Error('there is no database yet');
    return this.database;
  }

  /** The stack with the door to its database in front. */
  async before(stack: Stack): Promise<Stack> {
    this.database = stack.databaseUrl;
    const url = new URL(stack.databaseUrl);
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    this.proxies.set('database', proxy);
    url.hostname = proxy.host;
    url.port = String(proxy.port);
    return { ...stack, databaseUrl: url.href };
  }

  /** An address that leads to the sandbox through the door of that name. */
  async to(link: 'klaviyo' | 'mirakl', sandboxUrl: string): Promise<string> {
    const url = new URL(sandboxUrl);
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    this.proxies.set(link, proxy);
    return `http://${proxy.host}:${proxy.port}`;
  }

  door(link: Link): TcpProxy {
    const proxy = this.proxies.get(link);
    if (proxy === undefined) throw new Error(`there is no door to ${link}`);
    return proxy;
  }

  async openAll(): Promise<void> {
    await Promise.all(links.map((link) => this.door(link).restore()));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.proxies.values()].map((proxy) => proxy.stop()));
  }
}
