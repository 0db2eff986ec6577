import { at, isRecord, listAt } from '../kubernetes/manifest.ts';

/** The parsed files by which docker-compose.yml brings Prometheus and Grafana up ready for use. */
export interface Provision {
  readonly compose: unknown;
  readonly prometheus: unknown;
  readonly dataSources: unknown;
  readonly providers: unknown;
  readonly dashboards: Readonly<Record<string, unknown>>;
  /** Whether a path of the repository is there. */
  readonly exists: (path: string) => boolean;
}

/** What would leave Prometheus or Grafana without data when the compose file is started. */
export function findProvisionProblems(given: Provision): readonly string[] {
  const services = at(given.compose, 'services');
  if (!isRecord(services)) return ['docker-compose.yml has no services'];
  return [
    ...['prometheus', 'grafana'].flatMap((name) => mountProblems(name, services[name], given)),
    ...targetProblems(services, given.prometheus),
    ...dashboardProblems(services['grafana'], given),
  ];
}

function mountsOf(service: unknown): readonly (readonly [string, string])[] {
  return listAt(service, 'volumes').flatMap((volume) => {
    const [from = '', to = ''] = String(volume).split(':');
    return from.startsWith('./') ? [[from, to] as const] : [];
  });
}

function mountProblems(name: string, service: unknown, { exists }: Provision): readonly string[] {
  const mounts = mountsOf(service);
  if (mounts.length === 0) return [`${name}: is not in the file, or is given nothing`];
  return mounts
    .filter(([from]) => !exists(from.slice(2)))
    .map(([from]) => `${name}: there is no ${from} to mount`);
}

/** Each target must be a service of the file, or of a network that it lives in, with the port that is named. */
function targetProblems(services: Readonly<Record<string, unknown>>, prometheus: unknown): readonly string[] {
  const listening = new Map<string, string>();
  for (const [name, service] of Object.entries(services)) {
    const [, host] = /^service:(.+)$/.exec(String(at(service, 'network_mode'))) ?? [];
    const [app] = listAt(service, 'command').map(String);
    const port = at(service, 'environment', 'PORT');
    if (app !== undefined && port !== undefined) listening.set(app, `${host ?? name}:${String(port)}`);
  }
  const scraped = listAt(prometheus, 'scrape_configs')
    .flatMap((config) => listAt(config, 'static_configs'))
    .map((one) => [String(at(one, 'labels', 'service')), listAt(one, 'targets').map(String)] as const);
  const wanted = ['mirakl-ingest', 'profile-mapper', 'klaviyo-writer', 'leakage-monitor'];
  return wanted.flatMap((app) => {
    const [, targets] = scraped.find(([service]) => service === app) ?? [];
    const address = listening.get(app) ?? 'nowhere';
    return targets?.length === 1 && targets[0] === address
      ? []
      : [`prometheus: scrapes ${app} at ${targets?.join(', ') ?? 'nowhere'}, it listens at ${address}`];
  });
}

function dashboardProblems(grafana: unknown, given: Provision): readonly string[] {
  const sources = listAt(given.dataSources, 'datasources');
  const folders = listAt(given.providers, 'providers').map((one) => String(at(one, 'options', 'path')));
  const mounted = new Set(mountsOf(grafana).map(([, to]) => to));
  return [
    ...folders
      .filter((folder) => !mounted.has(folder))
      .map((folder) => `grafana: looks for dashboards in ${folder}, where nothing is mounted`),
    ...Object.entries(given.dashboards).flatMap(([name, dashboard]) =>
      [...new Set(uidsIn(dashboard))]
        .filter((uid) => !isProvisioned(uid, dashboard, sources))
        .map((uid) => `grafana: ${name} asks the data source ${uid}, which is not provisioned`),
    ),
  ];
}

/** By its own name, or by a variable of the dashboard that offers every data source of a type. */
function isProvisioned(uid: string, dashboard: unknown, sources: readonly unknown[]): boolean {
  const [, variable] = /^\$\{(\w+)\}$/.exec(uid) ?? [];
  if (variable === undefined) return sources.some((source) => at(source, 'uid') === uid);
  const wanted = listAt(dashboard, 'templating', 'list').find((one) => at(one, 'name') === variable);
  const type = at(wanted, 'type') === 'datasource' ? at(wanted, 'query') : undefined;
  return type !== undefined && sources.some((source) => at(source, 'type') === type);
}

function uidsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(uidsIn);
  if (!isRecord(value)) return [];
  const own = at(value, 'datasource', 'uid');
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap(uidsIn)];
}
