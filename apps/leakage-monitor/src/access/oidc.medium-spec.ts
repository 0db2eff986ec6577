// real: [HTTP, Kafka, PostgreSQL, JWKS over HTTP], double: [the identity provider: its documents and its signatures]
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type MonitorFixture, monitorFixture } from '../monitor.fixture.ts';

const AUDIENCE = 'watertight-tests';

interface Issuer {
  readonly url: string;
  readonly privateKey: CryptoKey;
  readonly keysAsked: () => number;
  stop(): void;
}

/** An identity provider on loopback. */
async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  let url = '';
  let keysAsked = 0;
  const server: Server = createServer((request, response) => {
    const isKeys = request.url === '/keys';
    if (isKeys) keysAsked += 1;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(
        isKeys
          ? { keys: [jwk] }
          : { issuer: url, jwks_uri: `${url}/keys`, authorization_endpoint: `${url}/authorize` },
      ),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the issuer has no port');
  url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    privateKey,
    keysAsked: () => keysAsked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

let issuer: Issuer;
let fixture: MonitorFixture;
let url: string;

beforeAll(async () => {
  issuer = await startIssuer();
  fixture = await monitorFixture();
  ({ url } = await fixture.start({
    access: { LOCAL_TOKEN: undefined, OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: AUDIENCE },
  }));
}, 60_000);

afterAll(async () => {
  await fixture?.close();
  issuer?.stop();
}, 60_000);

const nowSeconds = () => Math.floor(Date.now() / 1_000);

function claims(override: JWTPayload = {}): JWTPayload {
  return {
    iss: issuer.url,
    aud: AUDIENCE,
    sub: 'u-1',
    name: 'Uma',
    roles: ['viewer'],
    iat: nowSeconds(),
    exp: nowSeconds() + 600,
    ...override,
  };
}

const signed = (payload: JWTPayload, key: CryptoKey = issuer.privateKey) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(key);

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

async function call(path: string, token: string, init: RequestInit = {}) {
  const response = await fetch(`${url}/api/v1${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  const text = await response.text();
  const body: unknown = text === '' ? null : JSON.parse(text);
  return { status: response.status, body };
}

const replay = (token: string) =>
  call('/exceptions/bulk/replay', token, {
    method: 'POST',
    body: JSON.stringify({ ids: ['nothing-of-this-name'], why: 'a test', preview: true }),
  });

describe('tokens of the identity provider', () => {
  it('let a viewer read and not replay', async () => {
    const token = await signed(claims());
    expect((await call('/balance', token)).status).toBe(200);
    expect(await call('/me', token)).toMatchObject({ status: 200, body: { role: 'viewer' } });
    expect(await replay(token)).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  });

  it('let an operator replay and not erase', async () => {
    const token = await signed(claims({ sub: 'u-2', roles: ['something', 'operator'] }));
    expect((await replay(token)).status).toBe(200);
    const erase = await call('/erasures', token, { method: 'POST', body: '{}' });
    expect(erase).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  });

  it.each<[string, () => Promise<string>]>([
    ['expired', () => signed(claims({ iat: nowSeconds() - 7_200, exp: nowSeconds() - 3_600 }))],
    ['not valid yet', () => signed(claims({ nbf: nowSeconds() + 3_600 }))],
    ['for another audience', () => signed(claims({ aud: 'another-application' }))],
    ['of another issuer', () => signed(claims({ iss: 'https://id.example.com' }))],
    ['without an end', () => signed(claims({ exp: undefined }))],
    ['without a subject', () => signed(claims({ sub: undefined }))],
    ['without a role here', () => signed(claims({ roles: ['accountant'] }))],
    [
      'signed with another key',
      async () => signed(claims(), (await generateKeyPair('ES256', { extractable: true })).privateKey),
    ],
    [
      'without a signature (alg none)',
      async () => `${part({ alg: 'none', typ: 'JWT' })}.${part(claims({ roles: ['admin'] }))}.`,
    ],
    [
      'alg none with something where the signature stands',
      async () => `${part({ alg: 'none', typ: 'JWT' })}.${part(claims({ roles: ['admin'] }))}.AAAA`,
    ],
    [
      'signed with a shared secret that is no secret',
      () =>
        new SignJWT(claims({ roles: ['admin'] }))
          .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
          .sign(new TextEncoder().encode('k'.repeat(32))),
    ],
    [
      'changed after it was signed',
      async () => {
        const [header = '', , signature = ''] = (await signed(claims())).split('.');
        return [header, part(claims({ roles: ['admin'] })), signature].join('.');
      },
    ],
  ])('are refused when they are %s', async (_which, tokenOf) => {
    const token = await tokenOf();
    expect(await call('/balance', token)).toMatchObject({
      status: 401,
      body: { error: { code: 'unauthorized' } },
    });
    expect((await replay(token)).status).toBe(401);
  });

  it('are checked by keys that were asked for over HTTP and kept', async () => {
    await call('/balance', await signed(claims()));
    const before = issuer.keysAsked();
    expect(before).toBeGreaterThan(0);
    for (let n = 0; n < 3; n += 1) expect((await call('/balance', await signed(claims()))).status).toBe(200);
    expect(issuer.keysAsked()).toBe(before);
  });
});
