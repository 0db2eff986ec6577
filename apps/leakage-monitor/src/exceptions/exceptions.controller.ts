import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { inputReader } from '../http/parse-input.ts';
import { type Exceptions, ExceptionsQuerySchema } from './exceptions.api.ts';
import { ReadExceptions } from './read-exceptions.ts';

const readQuery = inputReader(ExceptionsQuerySchema);

@Controller('api/v1/exceptions')
export class ExceptionsController {
  constructor(@Inject(ReadExceptions) private readonly exceptions: ReadExceptions) {}

  @Get()
  @Header('cache-control', 'no-store')
  read(@Query() query: unknown): Promise<Exceptions> {
    return this.exceptions.read(readQuery(query));
  }
}
