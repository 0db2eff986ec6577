import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultOrder, FaultTable } from './fault-table.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The fault that strikes this call, decided when it came in. */
    fault: FaultOrder | undefined;
  }
}

export interface FaultPlace {
  readonly table: () => FaultTable;
  /** What the call is for: the target's name, and the path below its base. */
  readonly locate: (request: FastifyRequest) => { readonly target: string; readonly path: string };
  /** Body of a `status` fault in the double's own form. */
  readonly errorBody: (status: number) => string;
  readonly contentType: string;
}

/** Lets the faults of a double strike its routes: before the route runs, or when its answer is on the way out. */
export function applyFaults(app: FastifyInstance, place: FaultPlace): void {
  app.addHook('onRequest', async (request, reply) => {
    const { target, path } = place.locate(request);
    const fault = place.table().strikeCall(target, request.method, path);
    request.fault = fault;
    if (fault) await strikeBefore(fault, request, reply, place);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (!request.fault) return payload;
    return strikeAfter(request.fault, request, reply, payload, place);
  });
}

async function strikeBefore(
  fault: FaultOrder,
  request: FastifyRequest,
  reply: FastifyReply,
  place: FaultPlace,
): Promise<void> {
  if (fault.kind === 'delay') await sleep(fault.delayMs);
  if (fault.kind === 'hang') {
    // No answer ever: the call ends when the caller gives up or the sandbox does.
    reply.hijack();
    await once(request.raw.socket, 'close');
  }
  if (fault.kind === 'reset') {
    reply.hijack();
    request.raw.socket.resetAndDestroy();
  }
  if (fault.kind !== 'status' && fault.kind !== 'html') return;
  if (fault.retryAfter !== null) reply.header('retry-after', String(fault.retryAfter));
  reply.code(fault.status);
  if (fault.kind === 'html') {
    await reply
      .type('text/html')
      .send(
        `<html><head><title>${fault.status}</title></head><body><h1>Service unavailable</h1></body></html>`,
      );
    return;
  }
  await reply.type(place.contentType).send(place.errorBody(fault.status));
}

async function strikeAfter(
  fault: FaultOrder,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  place: FaultPlace,
): Promise<unknown> {
  switch (fault.kind) {
    case 'torn-json':
      if (payload instanceof Readable) return Readable.from(torn(payload));
      return typeof payload === 'string' ? payload.slice(0, Math.floor(payload.length / 2)) : payload;
    case 'store-then-500':
      reply.code(500).type(place.contentType);
      return place.errorBody(500);
    case 'store-then-hang':
      await once(request.raw.socket, 'close');
      return payload;
    case 'store-then-reset':
      request.raw.socket.resetAndDestroy();
      return payload;
    default:
      return payload;
  }
}

/** The beginning of a stream, cut within its second piece. */
async function* torn(stream: Readable): AsyncIterable<string> {
  let pieces = 0;
  for await (const piece of stream) {
    pieces += 1;
    const text = String(piece);
    if (pieces === 1) yield text;
    else {
      yield text.slice(0, Math.floor(text.length / 2));
      return;
    }
  }
}
