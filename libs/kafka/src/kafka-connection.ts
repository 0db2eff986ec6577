import type { Logger } from '@watertight/service';
import kafkajs, { type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { DEFAULT_SESSION_TIMEOUT_MS } from './consumer-config.ts';
import { kafkajsLog } from './kafkajs-log.ts';
import { mendProduceRequest } from './mend-produce-request.ts';
import { mendRequestQueue } from './mend-request-queue.ts';

export interface SaslCredentials {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export interface KafkaConnectionOptions {
  /** host:port of one or more brokers to begin with; the others are learnt from them. */
  readonly brokers: readonly string[];
  /** The name that the brokers' logs and quotas show for this service. */
  readonly clientId: string;
  /** True for TLS with the system's authorities, or the authority (PEM) that signed the brokers' certificates. */
  readonly ssl?: boolean | { readonly ca: string };
  readonly sasl?: SaslCredentials;
  /** Of group members on this connection: default 10 s. */
  readonly sessionTimeoutMs?: number;
  readonly logger: Logger;
}

const CONNECTION_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 20_000;

/**
 * kafkajs's own retries of one request, about 2 s in all: enough for a leader that moves. What takes longer is an
 * outage and is handled where its meaning is known (RetryableError). kafkajs nests its retries, so a larger number
 * here multiplies.
 */
const REQUEST_RETRY = { initialRetryTime: 150, multiplier: 2, maxRetryTime: 1_500, retries: 4 } as const;

/**
 * A consumer tries for about 20 s: a broker that restarts meanwhile finds the member where it was. One that gave up
 * would have to join as a new member, and wait until the session of its former self has ended.
 */
const CONSUMER_RETRY = { initialRetryTime: 150, multiplier: 2, maxRetryTime: 1_000, retries: 20 } as const;

/** The one way to the brokers. It does nothing until a consumer, a publisher or an admin call needs them. */
export class KafkaConnection {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly logger: Logger;
  readonly sessionTimeoutMs: number;
  /** For publishing and administration. For the files of this library only, as the next one. */
  readonly client: Kafka;
  readonly consumers: Kafka;

  constructor(options: KafkaConnectionOptions) {
    mendRequestQueue();
    mendProduceRequest();
    this.brokers = options.brokers;
    this.clientId = options.clientId;
    this.logger = options.logger;
    this.sessionTimeoutMs = options.sessionTimeoutMs ?? DEFAULT_SESSION_TIMEOUT_MS;
    const settings: KafkaConfig = {
      brokers: [...options.brokers],
      clientId: options.clientId,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      logLevel: kafkajs.logLevel.WARN,
      logCreator: kafkajsLog(options.logger),
      ...(options.ssl === undefined ? {} : { ssl: tlsOptions(options.ssl) }),
      ...(options.sasl === undefined ? {} : { sasl: saslOptions(options.sasl) }),
    };
    this.client = new kafkajs.Kafka({ ...settings, retry: REQUEST_RETRY });
    this.consumers = new kafkajs.Kafka({ ...settings, retry: CONSUMER_RETRY });
  }
}

export function connectKafka(options: KafkaConnectionOptions): KafkaConnection {
  return new KafkaConnection(options);
}

function tlsOptions(ssl: boolean | { readonly ca: string }): boolean | { ca: string[] } {
  return typeof ssl === 'boolean' ? ssl : { ca: [ssl.ca] };
}

function saslOptions({ mechanism, username, password }: SaslCredentials): SASLOptions {
  // Spelled out: kafkajs types the options by mechanism, a union that a variable does not narrow.
  if (mechanism === 'plain') return { mechanism, username, password };
  if (mechanism === 'scram-sha-256') return { mechanism, username, password };
  return { mechanism, username, password };
}
