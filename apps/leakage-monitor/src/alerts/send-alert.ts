import { createHmac } from 'node:crypto';
import type { AlertTarget } from '@watertight/marketplaces';
import { createTransport } from 'nodemailer';
import { type AlertMessage, subjectOf, textOf } from './alert-text.ts';

/** What came of one attempt. `error` never holds an address, a secret or what the other side sent us. */
export type SendResult =
  { readonly ok: true } | { readonly ok: false; readonly error: string; readonly again: boolean };

const TIMEOUT_MS = 10_000;

export interface Outgoing {
  readonly id: string;
  readonly message: AlertMessage;
  readonly now: Date;
}

/** Sends one message over a route. Never throws for what the other side does. */
export async function sendAlert(target: AlertTarget, outgoing: Outgoing): Promise<SendResult> {
  switch (target.kind) {
    case 'slack':
      return post(target.url, JSON.stringify({ text: textOf(outgoing.message) }), {});
    case 'webhook': {
      const body = JSON.stringify({ id: outgoing.id, ...outgoing.message });
      return post(target.url, body, signatureHeaders(body, target.secret, outgoing));
    }
    case 'mail':
      return mail(target, outgoing.message);
  }
}

/**
 * How a receiver knows that it was us: HMAC-SHA256 with the shared secret over `<seconds>.<body>`. The time is part of
 * it, so that a message cannot be played again later.
 */
export function signatureHeaders(
  body: string,
  secret: string,
  { id, now }: Pick<Outgoing, 'id' | 'now'>,
): Record<string, string> {
  const seconds = Math.floor(now.getTime() / 1_000);
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return { 'x-watertight-delivery': id, 'x-watertight-signature': `t=${seconds},v1=${signature}` };
}

async function post(url: string, body: string, headers: Record<string, string>): Promise<SendResult> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'watertight', ...headers },
      body,
      // A redirect could lead anywhere inside; the address in the file is the address.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (response.ok) return { ok: true };
    const again = response.status === 429 || response.status >= 500;
    return { ok: false, error: `answered ${response.status}`, again };
  } catch (error) {
    return { ok: false, error: failureOf(error), again: true };
  }
}

async function mail(
  { smtp, from, to }: Extract<AlertTarget, { kind: 'mail' }>,
  message: AlertMessage,
): Promise<SendResult> {
  const transport = createTransport(smtp, { from });
  try {
    await transport.sendMail({ to: [...to], subject: subjectOf(message), text: textOf(message) });
    return { ok: true };
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'responseCode') : undefined;
    const refused = typeof code === 'number' && code >= 500;
    const said = typeof code === 'number' ? `the mail server answered ${code}` : failureOf(error);
    return { ok: false, error: said, again: !refused };
  } finally {
    transport.close();
  }
}

/** The kind of failure; messages of the platform may quote addresses. */
function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed for an unknown reason';
  const cause: unknown = error.cause;
  const code: unknown = Reflect.get(cause instanceof Error ? cause : error, 'code');
  if (error.name === 'TimeoutError') return `no answer in ${TIMEOUT_MS / 1_000} s`;
  return typeof code === 'string' ? `no connection (${code})` : 'no connection';
}
