import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { waitUntil } from '@watertight/testing';

export interface Prometheus {
  /** Samples of an instant query. Throws with Prometheus's own words for one that it cannot evaluate. */
  query(expression: string): Promise<number>;
  /** Every rule that it evaluates, with what came of the last time. */
  rules(): Promise<readonly EvaluatedRule[]>;
  stop(): Promise<void>;
}

export interface EvaluatedRule {
  readonly name: string;
  readonly type: 'recording' | 'alerting';
  readonly query: string;
  readonly health: 'ok' | 'err' | 'unknown';
  readonly lastError?: string;
  /** Of an alert: whether it rings. */
  readonly state?: 'inactive' | 'pending' | 'firing';
}

export function isPrometheusInstalled(): boolean {
  return spawnSync('prometheus', ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** A real Prometheus that scrapes the given addresses (host:port by service) each second, with the given rules. */
export async function startPrometheus(
  folder: string,
  targets: Readonly<Record<string, string>>,
  rulesFile: string,
): Promise<Prometheus> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rulesFile],
    scrape_configs: [
      {
        job_name: 'watertight',
        static_configs: Object.entries(targets).map(([service, target]) => ({
          targets: [target],
          labels: { service },
        })),
      },
    ],
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}`;
  const isReady = async (): Promise<boolean> => {
    try {
      return (await fetch(`${url}/-/ready`)).ok;
    } catch {
      return false;
    }
  };
  await waitUntil('Prometheus', isReady, { deadlineMs: 60_000 });
  return {
    async query(expression) {
      const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
      const answer = (await response.json()) as { error?: string; data?: { result: unknown[] } };
      if (answer.data === undefined) throw new Error(`${expression}: ${answer.error}`);
      return answer.data.result.length;
    },
    async rules() {
      const response = await fetch(`${url}/api/v1/rules`);
      const answer = (await response.json()) as { data: { groups: { rules: EvaluatedRule[] }[] } };
      return answer.data.groups.flatMap(({ rules }) => rules);
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
