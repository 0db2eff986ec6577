import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { type Logger, RetryableError } from '@watertight/service';
import type { FastifyReply } from 'fastify';
import { ApiError } from './api-error.ts';

/** Every error leaves as `{"error":{"code","message"}}`. What we did not expect is logged, and its text stays here. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw exception;
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    // A live stream has begun its answer; all that is left is to end it.
    if (reply.raw.headersSent) {
      reply.raw.end();
      return;
    }
    const { status, body } = this.#answerTo(exception);
    reply.header('cache-control', 'no-store').code(status).send(body);
  }

  #answerTo(exception: unknown): { status: number; body: unknown } {
    if (exception instanceof ApiError)
      return { status: exception.getStatus(), body: exception.getResponse() };
    if (exception instanceof RetryableError) {
      const message = 'The ledger cannot be read at the moment; it will be answered again by itself';
      this.logger.warn({ event: 'ledger_unavailable', err: exception }, 'the ledger cannot be read');
      return { status: 503, body: { error: { code: 'unavailable', message } } };
    }
    if (exception instanceof HttpException) {
      const status = exception.getStatus();
      // Readiness answers with what is wrong; it is read by probes and people alike.
      const body = exception.getResponse();
      if (status === 503) return { status, body };
      const code = status === 404 ? 'not_found' : 'bad_request';
      return { status, body: { error: { code, message: exception.message } } };
    }
    const status = clientErrorOf(exception);
    if (status !== undefined) {
      return { status, body: { error: { code: 'bad_request', message: 'The request cannot be read' } } };
    }
    this.logger.error({ event: 'request_failed', err: exception }, 'a request failed for an unknown reason');
    const message = 'Something went wrong here; the log of leakage-monitor says what';
    return { status: 500, body: { error: { code: 'internal', message } } };
  }
}

/** What Fastify says of a request that it could not even read. */
function clientErrorOf(exception: unknown): number | undefined {
  if (!(exception instanceof Error) || !('statusCode' in exception)) return undefined;
  const { statusCode } = exception;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
