import { Controller, Get } from '@nestjs/common';
import type { Definitions } from './definitions.api.ts';
import { DEFINITIONS } from './definitions.ts';

@Controller('api/v1/definitions')
export class DefinitionsController {
  @Get()
  read(): Definitions {
    return { definitions: DEFINITIONS };
  }
}
