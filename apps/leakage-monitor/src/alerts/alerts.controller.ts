import { Controller, Get, Header, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { AlertDelivery, Alerts } from './alerts.api.ts';
import { ReadAlerts } from './read-alerts.ts';

@Controller('api/v1/alerts')
export class AlertsController {
  constructor(@Inject(ReadAlerts) private readonly alerts: ReadAlerts) {}

  @Get()
  @Header('cache-control', 'no-store')
  read(): Promise<Alerts> {
    return this.alerts.read();
  }

  @Post('routes/:name/test')
  @HttpCode(200)
  test(@Param('name') name: string): Promise<AlertDelivery> {
    return this.alerts.test(name);
  }
}
