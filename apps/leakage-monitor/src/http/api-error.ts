import { HttpException } from '@nestjs/common';

/** An answer that is not the one asked for: a code for programs, a sentence for people. */
export class ApiError extends HttpException {
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super({ error: { code, message } }, status);
    this.code = code;
  }
}

export function notFound(message: string): ApiError {
  return new ApiError(404, 'not_found', message);
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'bad_request', message);
}

export function conflict(code: string, message: string): ApiError {
  return new ApiError(409, code, message);
}
