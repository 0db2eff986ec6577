import { ErrorSchema } from './api-fields.ts';
import type { ApiRoute } from './route.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const ERROR = { $ref: '#/components/schemas/Error' };

/** What any call may answer, with the words that the document gives it. */
const COMMON_REFUSALS: Readonly<Record<number, string>> = {
  400: 'The request is not what this call takes; the message names the field',
  401: 'Nobody is signed in',
  403: 'The role of whoever is signed in does not allow it',
  503: 'The ledger cannot be read at the moment',
};

/**
 * The OpenAPI 3.1 document of the given routes. Pure: the same routes give the same text. Schemas with an `$id` become
 * components. Throws when two routes have one operationId or one address, or two components one name.
 */
export function buildOpenApi(routes: readonly ApiRoute[]): JsonObject {
  const components = new Components();
  components.take(ErrorSchema);
  const paths: Record<string, Record<string, Json>> = {};
  const ids = new Set<string>();
  for (const route of routes) {
    if (ids.has(route.id)) throw new Error(`two routes are called ${route.id}`);
    ids.add(route.id);
    const path = (paths[route.path] ??= {});
    const method = route.method.toLowerCase();
    if (method in path) throw new Error(`two routes answer ${route.method} ${route.path}`);
    path[method] = operationOf(route, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Watertight',
      version: '1.0.0',
      description:
        'Every marketplace order accounted for: the balance, the orders, the exceptions, and what people may do about them. Lists are paged by cursor; money is a decimal string per currency; times are ISO 8601 in UTC.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }, { session: [] }],
    paths,
    components: {
      schemas: components.all(),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: "The identity provider's token, or the local one that was printed at start",
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'watertight_<port>',
          description:
            "The console's cookie. A change made with it needs the header `x-watertight-console` too",
        },
      },
    },
  };
}

function operationOf(route: ApiRoute, components: Components): JsonObject {
  const status = route.status ?? (route.answer === null ? 204 : 200);
  const refusals = { ...COMMON_REFUSALS, ...route.refusals };
  const parameters = [...pathParameters(route.path), ...queryParameters(route, components)];
  return {
    operationId: route.id,
    tags: [route.path.split('/')[1] ?? ''],
    summary: route.summary,
    ...(route.role === 'anyone' ? { security: [] } : {}),
    'x-role': route.role,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: components.take(route.body) } },
          },
        }),
    responses: {
      [status]: {
        description: route.summary,
        ...(route.answer === null
          ? {}
          : {
              content: {
                [route.answerType ?? 'application/json']: { schema: components.take(route.answer) },
              },
            }),
      },
      ...Object.fromEntries(
        Object.entries(refusals).map(([code, description]) => [
          code,
          { description, content: { 'application/json': { schema: ERROR } } },
        ]),
      ),
    },
  };
}

function pathParameters(path: string): JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ query }: ApiRoute, components: Components): JsonObject[] {
  if (query === undefined) return [];
  const { properties, required } = plainObject(query);
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(plainObject(properties)).map(([name, schema]) => {
    const { description, ...rest } = plainObject(schema);
    return {
      name,
      in: 'query',
      required: needed.includes(name),
      ...(typeof description === 'string' ? { description } : {}),
      schema: components.take(rest),
    };
  });
}

/** Gathers the schemas that have a name. */
class Components {
  readonly #schemas = new Map<string, Json>();

  /** The schema as plain JSON, with each named schema inside it, and itself if named, replaced by a reference. */
  take(schema: unknown): Json {
    return this.#refer(plain(schema));
  }

  all(): JsonObject {
    return Object.fromEntries([...this.#schemas].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  #refer(value: Json): Json {
    if (value === null || typeof value !== 'object') return value;
    if (isList(value)) return value.map((one) => this.#refer(one));
    const { $id: name, ...rest } = value;
    const schema = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, this.#refer(inner)]));
    if (typeof name !== 'string') return schema;
    const known = this.#schemas.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`two different schemas are called ${name}`);
    }
    this.#schemas.set(name, schema);
    return { $ref: `#/components/schemas/${name}` };
  }
}

function plain(schema: unknown): Json {
  const parsed: Json = JSON.parse(JSON.stringify(schema));
  return parsed;
}

function plainObject(schema: unknown): JsonObject {
  const value = plain(schema);
  if (value === null || typeof value !== 'object' || isList(value)) throw new Error('not an object schema');
  return value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
