import { ConfigModule } from '@nestjs/config';
import {
  Controller,
  type DynamicModule,
  Get,
  Header,
  Inject,
  ServiceUnavailableException,
  type Type,
} from '@nestjs/common';
import { register } from 'prom-client';

import { type Clock } from './clock.ts';
import { HealthRegistry, type Readiness } from './health.ts';
import { type Logger } from './logger.ts';

/** Injection token of the service's Logger. */
export const LOGGER = Symbol('LOGGER');
/** Injection token of the service's Clock. */
export const CLOCK = Symbol('CLOCK');

/** What every service has from its first moment on, also before its own modules exist. */
export interface ServiceContext {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly health: HealthRegistry;
}

@Controller()
class HealthController {
  constructor(@Inject(HealthRegistry) private readonly health: HealthRegistry) {}

  /** Answers as long as the process does: a failing dependency is no reason to restart it. */
  @Get('health/live')
  live(): { readonly status: string } {
    return { status: 'ok' };
  }

  /** 200 when the service can take work; else 503 with the checks, which say what is wrong. */
  @Get('health/ready')
  async ready(): Promise<Readiness> {
    const readiness = await this.health.readiness();
    if (!readiness.ready) throw new ServiceUnavailableException(readiness);
    return readiness;
  }

  @Get('metrics')
  @Header('content-type', register.contentType)
  metrics(): Promise<string> {
    return register.metrics();
  }
}

class ServiceModule {}

/** The root module: the app's own module, with configuration, logger, clock and health for everyone. */
export function rootModule(
  context: ServiceContext,
  config: object,
  appModule: DynamicModule | Type,
): DynamicModule {
  return {
    module: ServiceModule,
    global: true,
    imports: [
      // The settings were read and checked before; ConfigService hands out exactly those.
      ConfigModule.forRoot({
        isGlobal: true,
        ignoreEnvFile: true,
        skipProcessEnv: true,
        validatePredefined: false,
        load: [() => config],
      }),
      appModule,
    ],
    controllers: [HealthController],
    providers: [
      { provide: LOGGER, useValue: context.logger },
      { provide: CLOCK, useValue: context.clock },
      { provide: HealthRegistry, useValue: context.health },
    ],
    exports: [LOGGER, CLOCK, HealthRegistry],
  };
}
