import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { DEFINITIONS } from '../definitions.ts';
import { download } from '../http/download.ts';
import { inputReader } from '../http/parse-input.ts';
import { writeCsv } from '../http/write-csv.ts';
import {
  type Finance,
  type FinanceOrders,
  FinanceOrdersQuerySchema,
  FinanceQuerySchema,
  type RefundChecks,
  RefundChecksQuerySchema,
} from './finance.api.ts';
import { FINANCE_COLUMNS, writeFinanceWorkbook } from './finance-tables.ts';
import { ReadFinance } from './read-finance.ts';

const readQuery = inputReader(FinanceQuerySchema);
const readOrdersQuery = inputReader(FinanceOrdersQuerySchema);
const readRefundsQuery = inputReader(RefundChecksQuerySchema);
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

@Controller('api/v1/finance')
export class FinanceController {
  constructor(@Inject(ReadFinance) private readonly finance: ReadFinance) {}

  @Get()
  @Header('cache-control', 'no-store')
  read(@Query() query: unknown): Promise<Finance> {
    return this.finance.read(readQuery(query));
  }

  @Get('orders')
  @Header('cache-control', 'no-store')
  orders(@Query() query: unknown): Promise<FinanceOrders> {
    return this.finance.orders(readOrdersQuery(query));
  }

  @Get('refunds')
  @Header('cache-control', 'no-store')
  refunds(@Query() query: unknown): Promise<RefundChecks> {
    return this.finance.refundChecks(readRefundsQuery(query));
  }

  @Get('export.csv')
  async csv(@Query() query: unknown) {
    const { rows, from, to } = await this.finance.read(readQuery(query));
    const bytes = Buffer.from(writeCsv(rows, FINANCE_COLUMNS), 'utf8');
    return download(bytes, 'text/csv; charset=utf-8', `finance-${from}-${to}.csv`);
  }

  @Get('export.xlsx')
  async xlsx(@Query() query: unknown) {
    const { finance, refunds } = await this.finance.readWithRefunds(readQuery(query));
    const bytes = await writeFinanceWorkbook(finance, refunds, FINANCE_DEFINITIONS);
    return download(bytes, XLSX, `finance-${finance.from}-${finance.to}.xlsx`);
  }
}

const FINANCE_DEFINITIONS = {
  Orders: DEFINITIONS.orderAmount,
  Sales: DEFINITIONS.sales,
  Cancelations: DEFINITIONS.cancelations,
  Refunds: DEFINITIONS.refunds,
  Net: DEFINITIONS.net,
  'Delivered to Klaviyo': DEFINITIONS.delivered,
  Difference: DEFINITIONS.notDelivered,
  'Without tax': DEFINITIONS.withoutTax,
  'Refunds booked': DEFINITIONS.refundsBooked,
  'Refunds matched': DEFINITIONS.transactionMatched,
  'Refunds missing': DEFINITIONS.transactionMissing,
  'Refunds different': DEFINITIONS.transactionDifferent,
};
