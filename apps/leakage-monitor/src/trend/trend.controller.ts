import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { inputReader } from '../http/parse-input.ts';
import { ReadTrend } from './read-trend.ts';
import { type Flow, FlowQuerySchema, type Trend, TrendQuerySchema } from './trend.api.ts';

const readTrendQuery = inputReader(TrendQuerySchema);
const readFlowQuery = inputReader(FlowQuerySchema);

@Controller('api/v1')
export class TrendController {
  constructor(@Inject(ReadTrend) private readonly trends: ReadTrend) {}

  @Get('trend')
  @Header('cache-control', 'no-store')
  trend(@Query() query: unknown): Promise<Trend> {
    return this.trends.trend(readTrendQuery(query));
  }

  @Get('flow')
  @Header('cache-control', 'no-store')
  flow(@Query() query: unknown): Promise<Flow> {
    return this.trends.flow(readFlowQuery(query));
  }
}
