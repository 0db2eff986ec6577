import { once } from 'node:events';
import { createServer } from 'node:http';

/** Whoever is told of alerts, on loopback: takes them, or answers 503. */
export interface AlertReceiver {
  readonly url: string;
  readonly taken: readonly unknown[];
  refuse(isAway: boolean): void;
  stop(): void;
}

export async function startAlertReceiver(): Promise<AlertReceiver> {
  const taken: unknown[] = [];
  let isAway = false;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (text += part));
    request.on('end', () => {
      if (!isAway) taken.push(JSON.parse(text));
      response.writeHead(isAway ? 503 : 204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  return {
    url: `http://127.0.0.1:${address.port}/alerts`,
    taken,
    refuse: (away) => (isAway = away),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The part of marketplaces.yaml that sends alerts there. The secret comes from ALERT_SECRET. */
export function alertsTo(url: string): string {
  return [
    'alerts:',
    '  routes:',
    '    - name: desk',
    `      webhook: { url: "${url}", secret: "\${ALERT_SECRET}" }`,
    '      rules: [silence]',
    '',
  ].join('\n');
}
