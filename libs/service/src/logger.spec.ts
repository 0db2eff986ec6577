import { describe, expect, it } from '@jest/globals';

import { createLogger, type LoggerOptions } from './logger.ts';

function recording(options: LoggerOptions = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { lines, logger: createLogger('writer', 'info', { ...options, destination }) };
}

const parsed = (line: string | undefined): unknown => JSON.parse(line ?? '');

describe('createLogger', () => {
  it('writes one JSON line with level, time and name', () => {
    const { lines, logger } = recording();
    logger.warn({ event: 'lag', messages: 12 }, 'falling behind');
    expect(parsed(lines[0])).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      name: 'writer',
      event: 'lag',
      messages: 12,
      msg: 'falling behind',
    });
    expect(lines[0]).toMatch(/\}\n$/);
  });

  it('writes nothing below its level', () => {
    const { lines, logger } = recording();
    logger.debug('details');
    expect(lines).toEqual([]);
  });

  it('redacts personal data and credentials at any depth, whatever the spelling of the name', () => {
    const { lines, logger } = recording();
    logger.info({
      request: { headers: { Authorization: 'abc', 'x-api-key': 'def' } },
      order: { customer: { firstname: 'Ada', last_name: 'L' }, billing_address: { street_1: 'A Street' } },
      customerEmail: 'ada@example.com',
      phones: [{ phone: '+33123456789' }],
      orderKey: 'maison-fr:A-1',
    });
    expect(parsed(lines[0])).toMatchObject({
      request: { headers: { Authorization: '[redacted]', 'x-api-key': '[redacted]' } },
      order: {
        customer: { firstname: '[redacted]', last_name: '[redacted]' },
        billing_address: '[redacted]',
      },
      customerEmail: '[redacted]',
      phones: [{ phone: '[redacted]' }],
      orderKey: 'maison-fr:A-1',
    });
  });

  it('masks email addresses in messages, interpolations, bindings and errors', () => {
    const { lines, logger } = recording();
    logger
      .child({ from: 'child of ada@example.com' })
      .error(
        { err: new Error('no profile for ada@example.com\nada@example.com again') },
        'buyer %s failed',
        'ada.l+tag@mail.example.org',
      );
    expect(lines[0]).not.toMatch(/example/);
    expect(parsed(lines[0])).toMatchObject({
      from: 'child of [email]',
      msg: 'buyer [email] failed',
      err: { message: 'no profile for [email]\n[email] again' },
    });
  });

  it('leaves file paths with an @ in them readable', () => {
    const { lines, logger } = recording();
    logger.info('at file:///srv/node_modules/@nestjs/core/injector.js');
    expect(parsed(lines[0])).toMatchObject({ msg: 'at file:///srv/node_modules/@nestjs/core/injector.js' });
  });

  it('never prints a secret, wherever it turns up', () => {
    const { lines, logger } = recording({ secrets: ['pk_"12345', 'pk_"12345-longer'] });
    logger.info({ note: 'key is pk_"12345' }, 'sent with pk_"12345-longer');
    expect(parsed(lines[0])).toMatchObject({ note: 'key is [redacted]', msg: 'sent with [redacted]' });
  });

  it('writes of an error that came from a client neither request nor configuration nor headers', () => {
    const { lines, logger } = recording();
    const error = Object.assign(new Error('Request failed with status code 429'), {
      name: 'AxiosError',
      code: 'ERR_BAD_REQUEST',
      config: { headers: { x: 'config-leak' } },
      request: { _header: 'request-leak' },
      response: { status: 429, data: 'body-leak', headers: { y: 'header-leak' } },
    });
    logger.error(error, 'klaviyo refused');
    expect(lines[0]).not.toMatch(/leak/);
    expect(parsed(lines[0])).toMatchObject({
      msg: 'klaviyo refused',
      err: { type: 'AxiosError', code: 'ERR_BAD_REQUEST', status: 429 },
    });
  });
});
