import { Body, Controller, Get, Header, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { inputReader } from '../http/parse-input.ts';
import {
  type Coverage,
  CoverageQuerySchema,
  type Preview,
  PreviewBodySchema,
  PreviewQuerySchema,
} from './mapping.api.ts';
import { PreviewMapping } from './preview-mapping.ts';

const readCoverageQuery = inputReader(CoverageQuerySchema);
const readPreviewQuery = inputReader(PreviewQuerySchema);
const readPreviewBody = inputReader(PreviewBodySchema);

@Controller('api/v1/mapping')
export class MappingController {
  constructor(@Inject(PreviewMapping) private readonly mapping: PreviewMapping) {}

  @Get('coverage')
  @Header('cache-control', 'no-store')
  coverage(@Query() query: unknown): Promise<Coverage> {
    return this.mapping.coverage(readCoverageQuery(query).marketplace);
  }

  @Get('preview')
  @Header('cache-control', 'no-store')
  loaded(@Query() query: unknown): Promise<Preview> {
    return this.mapping.loaded(readPreviewQuery(query).marketplace);
  }

  @Post('preview')
  @HttpCode(200)
  changed(@Body() body: unknown): Promise<Preview> {
    return this.mapping.changed(readPreviewBody(body));
  }
}
