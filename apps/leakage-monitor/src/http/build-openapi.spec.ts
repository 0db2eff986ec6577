import { describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { buildOpenApi } from './build-openapi.ts';
import { mayCall, type ApiRoute } from './route.ts';
import { ROUTES } from './routes.ts';

const route = (override: Partial<ApiRoute> = {}): ApiRoute => ({
  id: 'readThing',
  method: 'GET',
  path: '/things/{id}',
  summary: 'A thing',
  role: 'viewer',
  answer: Type.Object({ inner: Type.Object({ a: Type.Integer() }, { $id: 'Inner' }) }, { $id: 'Thing' }),
  ...override,
});

describe('the OpenAPI document', () => {
  it('names each schema once and refers to it', () => {
    const document = buildOpenApi([route(), route({ id: 'listThings', path: '/things' })]);
    expect(document).toMatchObject({
      paths: {
        '/things/{id}': {
          get: {
            operationId: 'readThing',
            'x-role': 'viewer',
            parameters: [{ name: 'id', in: 'path', required: true }],
            responses: {
              200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
              403: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
            },
          },
        },
      },
      components: {
        schemas: { Thing: { properties: { inner: { $ref: '#/components/schemas/Inner' } } } },
      },
    });
    expect(JSON.stringify(document)).not.toContain('$id');
  });

  it('tells what a query takes', () => {
    const query = Type.Object({
      limit: Type.Optional(Type.String({ description: 'How many' })),
      name: Type.String(),
    });
    expect(buildOpenApi([route({ query })])).toMatchObject({
      paths: {
        '/things/{id}': {
          get: {
            parameters: [
              { name: 'id' },
              { name: 'limit', in: 'query', required: false, description: 'How many' },
              { name: 'name', in: 'query', required: true },
            ],
          },
        },
      },
    });
  });

  it('refuses two calls of one name or address, and two schemas of one name', () => {
    expect(() => buildOpenApi([route(), route({ path: '/other' })])).toThrow('readThing');
    expect(() => buildOpenApi([route(), route({ id: 'other' })])).toThrow('/things/{id}');
    const other = route({ id: 'other', path: '/o', answer: Type.Object({}, { $id: 'Thing' }) });
    expect(() => buildOpenApi([route(), other])).toThrow('Thing');
  });

  it('lets nobody change anything without a role, but for signing in', () => {
    const open = ROUTES.filter(({ role }) => role === 'anyone').map(({ id }) => id);
    expect(open).toEqual(['readSignInWays', 'signIn', 'startSignIn', 'finishSignIn']);
    const changing = ROUTES.filter(({ method, role }) => method !== 'GET' && role === 'viewer');
    // A preview of a mapping changes nothing: it is a POST because a mapping is too long for an address.
    expect(changing.map(({ id }) => id)).toEqual(['previewMapping', 'signOut']);
  });
});

describe('a role', () => {
  it.each([
    ['viewer', 'viewer', true],
    ['viewer', 'operator', false],
    ['operator', 'viewer', true],
    ['operator', 'admin', false],
    ['admin', 'admin', true],
    ['viewer', 'anyone', true],
  ] as const)('%s may call what %s may: %s', (role, wanted, may) => {
    expect(mayCall(role, wanted)).toBe(may);
  });
});
