import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { createLogger, systemClock } from '@watertight/service';
import { KafkaConnection } from './kafka-connection.ts';
import { KafkaModule } from './kafka.module.ts';
import { TopicPublisher } from './topic-publisher.ts';

describe('KafkaModule', () => {
  it('gives the service one connection and one publisher, and needs no broker until they are used', async () => {
    const module = KafkaModule.forRoot({
      brokers: ['127.0.0.1:1'],
      clientId: 'spec',
      logger: createLogger('spec', 'silent'),
      clock: systemClock,
    });
    const app = await NestFactory.createApplicationContext(module, { logger: false });
    expect(app.get(KafkaConnection)).toMatchObject({ brokers: ['127.0.0.1:1'], clientId: 'spec' });
    expect(app.get(TopicPublisher)).toBe(app.get(TopicPublisher));
    await app.close();
  });
});
