import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMonitoringProblems, type MonitoringTexts } from './find-monitoring-problems.ts';
import { readMonitoring } from './read-monitoring.ts';

const committed = readMonitoring();
const some: ReadonlySet<string> = new Set(['watertight_a_total', 'watertight_b_seconds']);

const texts = (change: Partial<MonitoringTexts>): MonitoringTexts => ({
  rules: [
    'groups:',
    '  - name: g',
    '    rules:',
    '      - { record: "watertight:a:rate", expr: "rate(watertight_a_total[5m])" }',
    '      - alert: Slow',
    '        expr: "watertight:a:rate > 1 and watertight_b_seconds_count > 1"',
    '        labels: { severity: page, owner: platform }',
    '        annotations: { runbook: docs/runbooks/Slow.md }',
  ].join('\n'),
  ruleTests: 'alertname: Slow\n  exp_alerts: []\nalertname: Slow\n- name: x\n',
  runbooks: ['docs/runbooks/Slow.md'],
  dashboards: {},
  ...change,
});

test('takes what fits together', () => assert.deepEqual(findMonitoringProblems(texts({}), some), []));

test('finds a dashboard that asks for what nobody exports', () => {
  const dashboards = { x: JSON.stringify({ panels: [{ targets: [{ expr: 'sum(watertight_c_total)' }] }] }) };
  assert.deepEqual(findMonitoringProblems(texts({ dashboards }), some), [
    'dashboard x: nobody exports watertight_c_total',
  ]);
});

test('finds a rule that asks for what nobody exports', () => {
  const problems = findMonitoringProblems(texts({}), new Set(['watertight_a_total']));
  assert.deepEqual(problems, ['Slow: nobody exports watertight_b_seconds_count']);
});

test('finds an alert without runbook, owner or tests', () => {
  const rules = texts({}).rules.replace(', owner: platform', '');
  const problems = findMonitoringProblems(texts({ rules, runbooks: [], ruleTests: '' }), some).join('\n');
  for (const missing of [
    /no docs\/runbooks\/Slow.md/,
    /no owner/,
    /no test in which it fires/,
    /keeps silent/,
  ])
    assert.match(problems, missing);
});

test('finds a misspelt metric in the committed dashboards', () => {
  const dashboards = Object.fromEntries(
    Object.entries(committed.dashboards).map(([name, text]) => [
      name,
      text.replaceAll('watertight_balance_orders', 'watertight_ballance_orders'),
    ]),
  );
  const problems = findMonitoringProblems({ ...committed, dashboards }, some).join('\n');
  assert.match(problems, /watertight_ballance_orders/);
});
