import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { serviceMetrics } from './service.metrics.ts';

type Fastify = ReturnType<ReturnType<NestFastifyApplication['getHttpAdapter']>['getInstance']>;

/** Keeps rate, errors and duration by route. Probes and scrapes are left out: they would hide the rest. */
export function measureHttp(fastify: Pick<Fastify, 'addHook'>): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    if (!route.startsWith('/health/') && route !== '/metrics') {
      const labels = { method: request.method, route, status: String(reply.statusCode) };
      serviceMetrics.httpSeconds.observe(labels, reply.elapsedTime / 1_000);
    }
    done();
  });
}
