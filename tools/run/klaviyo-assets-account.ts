import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { FALL_FORWARD_OPT_OUT, KLAVIYO_REVISION } from '../../apps/klaviyo-writer/src/klaviyo/revision.ts';
import { Failure } from '../stack/failure.ts';
import { configurationErrorCode } from '../stack/supervisor.ts';
import type { Asset } from './klaviyo-assets-files.ts';
import type { RemoteAsset } from './klaviyo-assets-plan.ts';

const timeoutMs = 30_000;
const attemptsMax = 5;
/** Klaviyo takes one write of a segment a second and 15 a minute (OpenAPI, create_segment). */
const betweenSegmentWritesMs = 1_100;

const Nullable = <T extends Parameters<typeof Type.Optional>[0]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const Page = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      attributes: Type.Object({
        name: Type.Optional(Nullable(Type.String())),
        definition: Type.Optional(Type.Unknown()),
        html: Type.Optional(Nullable(Type.String())),
        text: Type.Optional(Nullable(Type.String())),
      }),
    }),
  ),
  links: Type.Optional(Type.Object({ next: Type.Optional(Nullable(Type.String())) })),
});
type Page = Static<typeof Page>;
const pageShape = Compile(Page);
const madeShape = Compile(Type.Object({ data: Type.Object({ id: Type.String() }) }));

export interface AssetsAccountOptions {
  readonly baseUrl: string;
  readonly key: string;
  /** Waits; a test hands in one that does not. */
  readonly pause: (ms: number) => Promise<void>;
}

/** The calls of one Klaviyo account that the assets need, and no others. Throws a Failure that says what to do. */
export class AssetsAccount {
  readonly #options: AssetsAccountOptions;

  constructor(options: AssetsAccountOptions) {
    if (!URL.canParse(options.baseUrl)) {
      throw new Failure(
        'KLAVIYO_BASE_URL is not an address; leave it out for Klaviyo itself.',
        configurationErrorCode,
      );
    }
    const { protocol, hostname } = new URL(options.baseUrl);
    const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
    if (protocol !== 'https:' && !isLocal) {
      throw new Failure('KLAVIYO_BASE_URL must begin with https: the key would travel in the clear.');
    }
    this.#options = options;
  }

  /** The account's id, so that ids of one account are never used in another. */
  async accountId(): Promise<string> {
    const [account] = (await this.#pages('/api/accounts')).flatMap(({ data }) => data);
    if (account === undefined) throw new Failure('Klaviyo shows no account for this key.');
    return account.id;
  }

  async listAssets(): Promise<readonly RemoteAsset[]> {
    const segments = await this.#pages('/api/segments');
    const templates = await this.#pages('/api/templates');
    return [
      ...segments
        .flatMap(({ data }) => data)
        .map(({ id, attributes: { name, definition } }): RemoteAsset => ({
          kind: 'segment',
          id,
          name: name ?? '',
          definition,
        })),
      ...templates
        .flatMap(({ data }) => data)
        .map(({ id, attributes: { name, html, text } }): RemoteAsset => ({
          kind: 'template',
          id,
          name: name ?? '',
          html: html ?? '',
          text: text ?? null,
        })),
    ];
  }

  /** Returns the id that Klaviyo gave. */
  async create(asset: Asset): Promise<string> {
    const answer = await this.#write('POST', `/api/${asset.kind}s`, createBody(asset), asset);
    return madeShape.Parse(answer).data.id;
  }

  async update(asset: Asset, id: string): Promise<void> {
    await this.#write('PATCH', `/api/${asset.kind}s/${id}`, updateBody(asset, id), asset);
  }

  async #write(method: 'POST' | 'PATCH', path: string, body: unknown, { kind }: Asset): Promise<unknown> {
    const answer = await this.#call(method, path, body);
    if (kind === 'segment') await this.#options.pause(betweenSegmentWritesMs);
    return answer;
  }

  async #pages(path: string): Promise<readonly Page[]> {
    const pages: Page[] = [];
    let next: string | undefined = path;
    while (next !== undefined) {
      const page: Page = pageShape.Parse(await this.#call('GET', next));
      pages.push(page);
      const following = page.links?.next ?? undefined;
      // Only the query of the link is taken, so that the key goes nowhere else.
      next = following === undefined ? undefined : `${path}${new URL(following).search}`;
    }
    return pages;
  }

  async #call(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<unknown> {
    const { baseUrl, key, pause } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const { status, retryAfter, text } = await request(`${baseUrl}${path}`, method, key, body);
      if (status >= 200 && status < 300) return JSON.parse(text);
      if (status !== 429 || attempt === attemptsMax) throw refusal(method, path, status, text);
      await pause(Math.max(1, Number(retryAfter ?? 1)) * 1_000);
    }
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

async function request(url: string, method: string, key: string, body: unknown): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Klaviyo-API-Key ${key}`,
        revision: KLAVIYO_REVISION,
        accept: 'application/vnd.api+json',
        ...FALL_FORWARD_OPT_OUT,
        ...(body === undefined ? {} : { 'content-type': 'application/vnd.api+json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { status, headers } = response;
    return { status, retryAfter: headers.get('retry-after'), text: await response.text() };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      `${new URL(url).host} does not answer to ${method} ${new URL(url).pathname}: ${why}. What was made so far is ` +
        'recorded; run the command again.',
    );
  }
}

function refusal(method: string, path: string, status: number, text: string): Failure {
  const advice =
    status === 401 || status === 403
      ? ' KLAVIYO_ASSETS_API_KEY needs the scopes accounts:read, segments:read, segments:write, templates:read and templates:write.'
      : '';
  return new Failure(`Klaviyo answered ${status} to ${method} ${path}: ${text.slice(0, 500)}${advice}`);
}

/** Body of `POST /api/segments` or `POST /api/templates`. */
export function createBody(asset: Asset): unknown {
  const attributes =
    asset.kind === 'segment'
      ? { name: asset.name, definition: asset.definition }
      : { name: asset.name, editor_type: asset.editorType, html: asset.html, text: asset.text };
  return { data: { type: asset.kind, attributes } };
}

/** Body of `PATCH /api/segments/<id>` or `PATCH /api/templates/<id>`. */
export function updateBody(asset: Asset, id: string): unknown {
  const attributes =
    asset.kind === 'segment'
      ? { name: asset.name, definition: asset.definition }
      : { name: asset.name, html: asset.html, text: asset.text };
  return { data: { type: asset.kind, id, attributes } };
}
