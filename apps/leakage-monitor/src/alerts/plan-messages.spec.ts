import { describe, expect, it } from '@jest/globals';
import { ALERT_RULES, type AlertRoutePolicy } from '@watertight/marketplaces';
import type { DetectedAlert } from './detect-alerts.ts';
import { foldAlerts, type KeptAlert } from './fold-alerts.ts';
import { isQuiet, planMessages, type Told } from './plan-messages.ts';

const MINUTE_MS = 60_000;
const start = Date.parse('2026-03-10T12:00:00Z');
const at = (minutes: number) => new Date(start + minutes * MINUTE_MS);
const lag: DetectedAlert = {
  cause: 'lag:w:t',
  rule: 'lag',
  marketplaceId: null,
  owner: 'platform',
  severity: 'medium',
  title: 'w lags behind',
  text: '10 records wait',
};
const silence: DetectedAlert = {
  ...lag,
  cause: 'silence:m',
  rule: 'silence',
  marketplaceId: 'm',
  owner: 'operations',
};
const ops: AlertRoutePolicy = {
  name: 'ops',
  kind: 'slack',
  target: { kind: 'slack', url: 'https://hooks.example/x' },
  rules: [...ALERT_RULES],
  owners: [],
  marketplaces: [],
  quietHours: null,
  repeatEveryMs: 60 * MINUTE_MS,
};

/** Looks again and again, as the service does, and notes what was told when. */
function follow(
  looks: readonly (readonly [minute: number, detected: readonly DetectedAlert[]])[],
  route = ops,
) {
  let alerts: KeptAlert[] = [];
  const told = new Map<string, Told>();
  const messages: string[] = [];
  for (const [minute, detected] of looks) {
    alerts = foldAlerts(alerts, detected, at(minute), new Set());
    for (const message of planMessages(alerts, [route], [...told.values()], at(minute))) {
      messages.push(`${minute} ${message.what} ${message.alerts.map(({ cause }) => cause).join('+')}`);
      for (const { cause } of message.alerts) {
        const what = message.what === 'recovery' ? 'recovery' : 'alert';
        told.set(cause, { cause, route: route.name, what, toldAt: at(minute).toISOString() });
      }
    }
  }
  return { messages, alerts };
}

describe('alerts', () => {
  it('are told once, grouped, again after the interval, and when they are over', () => {
    const both = [lag, silence];
    const { messages } = follow([
      [0, both],
      [1, both],
      [30, both],
      [60, both],
      [61, [lag]],
      [62, []],
      [63, []],
    ]);
    expect(messages).toEqual([
      '0 alert lag:w:t+silence:m',
      '60 reminder lag:w:t+silence:m',
      '61 recovery silence:m',
      '62 recovery lag:w:t',
    ]);
  });

  it('that come and go are told at most once in ten minutes, and counted all the same', () => {
    const { messages, alerts } = follow([
      [0, [lag]],
      [1, []],
      [2, [lag]],
      [3, []],
      [4, [lag]],
      [12, [lag]],
    ]);
    expect(messages).toEqual(['0 alert lag:w:t', '1 recovery lag:w:t', '12 alert lag:w:t']);
    expect(alerts[0]).toMatchObject({ state: 'firing', times: 3, since: at(4).toISOString() });
  });

  it('go only where they belong', () => {
    expect(follow([[0, [lag, silence]]], { ...ops, owners: ['operations'] }).messages).toEqual([
      '0 alert silence:m',
    ]);
    expect(follow([[0, [lag, silence]]], { ...ops, rules: ['lag'] }).messages).toEqual(['0 alert lag:w:t']);
    expect(follow([[0, [lag, silence]]], { ...ops, marketplaces: ['n'] }).messages).toEqual([]);
  });

  it('wait for the end of quiet hours, but for what is urgent; what is over by then is never told', () => {
    const quietHours = { from: '13:00', to: '14:00', timezone: 'Europe/Paris' };
    const urgent = { ...silence, severity: 'high' } as const;
    const passing = { ...lag, cause: 'lag:other' };
    const { messages } = follow(
      [
        [0, [lag, urgent, passing]],
        [59, [lag, urgent]],
        [60, [lag, urgent]],
      ],
      { ...ops, quietHours },
    );
    expect(messages).toEqual(['0 alert silence:m', '60 alert lag:w:t', '60 reminder silence:m']);
  });

  it('are quiet over midnight too, by the clock of the place', () => {
    const night = { from: '22:00', to: '07:00', timezone: 'Europe/Paris' };
    const quietAt = (time: string) => isQuiet(night, new Date(`2026-03-10T${time}:00Z`));
    expect([quietAt('20:59'), quietAt('21:00'), quietAt('05:59'), quietAt('06:00')]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('of a rule that cannot be looked at neither begin nor recover', () => {
    const firing = foldAlerts([], [lag], at(0), new Set());
    expect(foldAlerts(firing, [], at(1), new Set(['lag']))[0]?.state).toBe('firing');
    expect(foldAlerts(firing, [], at(1), new Set())[0]?.state).toBe('recovered');
  });
});
