import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { inputReader } from '../http/parse-input.ts';
import { type Balance, BalanceQuerySchema } from './balance.api.ts';
import { ReadBalance } from './read-balance.ts';

const readQuery = inputReader(BalanceQuerySchema);

@Controller('api/v1/balance')
export class BalanceController {
  constructor(@Inject(ReadBalance) private readonly balance: ReadBalance) {}

  @Get()
  @Header('cache-control', 'no-store')
  read(@Query() query: unknown): Promise<Balance> {
    return this.balance.read(readQuery(query));
  }
}
