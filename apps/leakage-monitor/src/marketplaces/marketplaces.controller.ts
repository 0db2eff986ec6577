import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import type { MarketplaceDetail, Marketplaces } from './marketplaces.api.ts';
import { ReadMarketplaces } from './read-marketplaces.ts';

@Controller('api/v1/marketplaces')
export class MarketplacesController {
  constructor(@Inject(ReadMarketplaces) private readonly marketplaces: ReadMarketplaces) {}

  @Get()
  @Header('cache-control', 'no-store')
  read(): Promise<Marketplaces> {
    return this.marketplaces.read();
  }

  @Get(':id')
  @Header('cache-control', 'no-store')
  detail(@Param('id') id: string): Promise<MarketplaceDetail> {
    return this.marketplaces.detail(id);
  }
}
