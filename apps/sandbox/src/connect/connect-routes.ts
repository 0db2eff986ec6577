import type { FastifyInstance } from 'fastify';
import { applyFaults } from '../faults/apply-faults.ts';
import { MiraklRefusal } from '../mirakl/mirakl-errors.ts';
import type { RawQuery } from '../mirakl/query.ts';
import type { SandboxState } from '../sandbox-state.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import { isLinked } from './connect-access.ts';
import { ConnectRefusal } from './connect-refusal.ts';
import { listConnectOrders, listConnectReturns } from './list-connect.ts';

/** Mirakl Connect, below `/connect`: one access to all marketplaces that a company is linked to. */
export function connectRoutes(app: FastifyInstance, state: SandboxState): void {
  applyFaults(app, {
    table: () => state.faults,
    locate: (request) => ({
      target: 'connect',
      path: (request.url.split('?')[0] ?? '').replace(/^\/connect/, ''),
    }),
    errorBody: (status) => JSON.stringify({ status, message: 'Internal error' }),
    contentType: 'application/json',
  });
  app.setErrorHandler(async (error, _request, reply) => {
    if (error instanceof ConnectRefusal) return reply.code(error.status).send({ error: error.code });
    if (!(error instanceof MiraklRefusal)) throw error;
    return reply.code(error.status).send({ status: error.status, message: error.message });
  });
  app.post('/oauth/token', async (request, reply) => {
    const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
    const { token, expiresIn } = state.connect.grant(form, state.clock.now());
    return reply.send({ access_token: token, token_type: 'Bearer', expires_in: expiresIn });
  });
  const linked = (authorization: string | undefined): readonly Marketplace[] => {
    const companyId = state.connect.companyOf(authorization, state.clock.now());
    state.tick();
    return [...state.marketplaces.values()].filter(({ profile }) => isLinked(companyId, profile.id));
  };
  app.get<{ Querystring: RawQuery }>('/v2/orders', async (request, reply) => {
    const marketplaces = linked(request.headers.authorization);
    reply.header('date', new Date(state.clock.now()).toUTCString());
    return reply.send(listConnectOrders(marketplaces, request.query, state.clock.now()));
  });
  app.get<{ Querystring: RawQuery }>('/v2/orders/returns', async (request, reply) => {
    const marketplaces = linked(request.headers.authorization);
    return reply.send(listConnectReturns(marketplaces, request.query));
  });
}
