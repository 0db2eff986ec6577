import { type DynamicModule, Module } from '@nestjs/common';
import type { Clock } from '@watertight/service';
import { connectKafka, KafkaConnection, type KafkaConnectionOptions } from './kafka-connection.ts';
import { TopicPublisher } from './topic-publisher.ts';

export interface KafkaModuleOptions extends KafkaConnectionOptions {
  readonly clock: Clock;
  readonly gzip?: boolean;
}

/** Provides KafkaConnection and TopicPublisher, one of each, to the whole service. */
@Module({})
export class KafkaModule {
  static forRoot({ clock, gzip = false, ...options }: KafkaModuleOptions): DynamicModule {
    const connection = connectKafka(options);
    return {
      module: KafkaModule,
      global: true,
      providers: [
        { provide: KafkaConnection, useValue: connection },
        { provide: TopicPublisher, useFactory: () => new TopicPublisher({ connection, clock, gzip }) },
      ],
      exports: [KafkaConnection, TopicPublisher],
    };
  }
}
