import type { KeptAlert } from './fold-alerts.ts';

export type MessageKind = 'alert' | 'reminder' | 'recovery' | 'test';

/** What goes out: the same content for every kind of route. Holds no personal data. */
export interface AlertMessage {
  readonly what: MessageKind;
  readonly at: string;
  readonly alerts: readonly Pick<
    KeptAlert,
    | 'cause'
    | 'rule'
    | 'marketplaceId'
    | 'owner'
    | 'severity'
    | 'title'
    | 'text'
    | 'state'
    | 'since'
    | 'recoveredAt'
  >[];
}

const OPENINGS: Readonly<Record<MessageKind, string>> = {
  alert: 'Alert',
  reminder: 'Still',
  recovery: 'Recovered',
  test: 'Test',
};

/** One line for a subject or a notification. Pure. */
export function subjectOf({ what, alerts }: AlertMessage): string {
  const [first, ...others] = alerts;
  if (first === undefined) return 'Watertight: this is a test of the route; nothing is wrong';
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `Watertight: ${OPENINGS[what]}: ${first.title}${more}`;
}

/** Plain text, one paragraph per alert. Pure. */
export function textOf(message: AlertMessage): string {
  const paragraphs = message.alerts.map((alert) =>
    [
      `${OPENINGS[message.what]}: ${alert.title}`,
      alert.text,
      `Owner: ${alert.owner}. Since ${alert.since}${alert.recoveredAt === null ? '' : `, over at ${alert.recoveredAt}`}.`,
    ].join('\n'),
  );
  return paragraphs.length === 0 ? subjectOf(message) : paragraphs.join('\n\n');
}
