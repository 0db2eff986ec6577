import { describe, expect, it } from '@jest/globals';
import { ConfigError, RetryableError } from '@watertight/service';
import kafkajs from 'kafkajs';
import {
  brokerErrorType,
  connectError,
  isGroupError,
  isMembershipLost,
  isTransient,
  rootCause,
} from './kafka-errors.ts';

const answer = (type: string, retriable: boolean) =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 0, retriable }));

/** As kafkajs wraps an error after its last retry. */
function exceeded(cause: Error): Error {
  return new kafkajs.KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 4, retryTime: 1_500 });
}

describe('errors of kafkajs', () => {
  it('are read at their root, however deeply they are wrapped', () => {
    const root = answer('REBALANCE_IN_PROGRESS', false);
    expect(rootCause(exceeded(exceeded(root)))).toBe(root);
    expect(brokerErrorType(exceeded(root))).toBe('REBALANCE_IN_PROGRESS');
    expect(brokerErrorType(new Error('ours'))).toBeUndefined();
  });

  it('tell a group that is shared out anew from a membership that is lost', () => {
    const rebalancing = answer('REBALANCE_IN_PROGRESS', false);
    expect([isGroupError(rebalancing), isMembershipLost(rebalancing)]).toEqual([true, false]);
    for (const type of ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION']) {
      expect([isGroupError(answer(type, false)), isMembershipLost(answer(type, false))]).toEqual([
        true,
        true,
      ]);
    }
  });

  it.each([
    [
      'an outage after the last retry',
      exceeded(new kafkajs.KafkaJSConnectionError('connect ECONNREFUSED')),
      true,
    ],
    ['a request without an answer', Reflect.construct(kafkajs.KafkaJSTimeout, ['Timeout']), true],
    ['too few replicas', answer('NOT_ENOUGH_REPLICAS', true), true],
    ['a producer whose numbers are void', answer('UNKNOWN_PRODUCER_ID', false), true],
    ['missing rights', answer('TOPIC_AUTHORIZATION_FAILED', false), false],
    ['a record that is too large', answer('MESSAGE_TOO_LARGE', false), false],
    ['an error of ours', new TypeError('a bug'), false],
  ])('can pass or cannot: %s', (_, error, transient) => {
    expect(isTransient(error)).toBe(transient);
  });

  it('on connecting mean: wait, or change the settings', () => {
    const refused = new kafkajs.KafkaJSConnectionError('connect ECONNREFUSED');
    expect(connectError('Cannot publish', ['b:1'], exceeded(refused))).toBeInstanceOf(RetryableError);
    const credentials = Reflect.construct(kafkajs.KafkaJSSASLAuthenticationError, [
      'SASL SCRAM SHA512 failed',
    ]);
    expect(connectError('Cannot publish', ['b:1'], credentials)).toBeInstanceOf(ConfigError);
  });
});
