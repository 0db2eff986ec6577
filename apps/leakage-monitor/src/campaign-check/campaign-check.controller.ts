import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { download } from '../http/download.ts';
import { inputReader } from '../http/parse-input.ts';
import { type Column, writeCsv } from '../http/write-csv.ts';
import {
  type CampaignCheck,
  CampaignCheckQuerySchema,
  type CampaignOptions,
  type MissingOrders,
  MissingOrdersQuerySchema,
} from './campaign-check.api.ts';
import { CheckCampaign, type MissingOrder } from './check-campaign.ts';

const readQuery = inputReader(CampaignCheckQuerySchema);
const readMissingQuery = inputReader(MissingOrdersQuerySchema);

const COLUMNS: readonly Column<MissingOrder>[] = [
  { heading: 'Order', text: ({ orderKey }) => orderKey },
  { heading: 'Marketplace', text: ({ marketplaceId }) => marketplaceId },
  { heading: 'Order number', text: ({ orderId }) => orderId },
  { heading: 'Ordered at', text: ({ createdAt }) => createdAt },
  { heading: 'Amount', text: ({ amount }) => amount?.amount ?? null },
  { heading: 'Currency', text: ({ amount }) => amount?.currency ?? null },
  { heading: 'Bucket', text: ({ bucket }) => bucket },
  { heading: 'Reason', text: ({ reason }) => reason },
  { heading: 'Meaning', text: ({ meaning }) => meaning },
  { heading: 'Owner', text: ({ owner }) => owner },
  { heading: 'What to do', text: ({ whatToDo }) => whatToDo },
];

@Controller('api/v1/campaign-check')
export class CampaignCheckController {
  constructor(@Inject(CheckCampaign) private readonly campaigns: CheckCampaign) {}

  @Get()
  @Header('cache-control', 'no-store')
  check(@Query() query: unknown): Promise<CampaignCheck> {
    return this.campaigns.check(readQuery(query));
  }

  @Get('options')
  @Header('cache-control', 'no-store')
  options(): Promise<CampaignOptions> {
    return this.campaigns.options();
  }

  @Get('missing')
  @Header('cache-control', 'no-store')
  missing(@Query() query: unknown): Promise<MissingOrders> {
    return this.campaigns.missing(readMissingQuery(query));
  }

  @Get('missing.csv')
  async csv(@Query() query: unknown) {
    const orders = await this.campaigns.allMissing(readMissingQuery(query));
    const bytes = Buffer.from(writeCsv(orders, COLUMNS), 'utf8');
    return download(bytes, 'text/csv; charset=utf-8', 'campaign-missing-orders.csv');
  }
}
