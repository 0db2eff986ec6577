import { parse } from 'yaml';
import { at, isRecord, listAt } from '../kubernetes/manifest.ts';

/** The texts that are checked: rules, dashboards by name, and the runbooks that exist. */
export interface MonitoringTexts {
  readonly rules: string;
  readonly dashboards: Readonly<Record<string, string>>;
  readonly runbooks: readonly string[];
  readonly ruleTests: string;
}

const metricName = /\b(?:watertight[:_][a-z0-9_:]+|up|process_[a-z0-9_]+|nodejs_[a-z0-9_]+)\b/g;

/**
 * What does not fit together: a query of a metric that nobody exports, an alert without a runbook, without an owner or
 * without a test. `exported` are the names in the typed lists and of the default set.
 */
export function findMonitoringProblems(
  { rules, dashboards, runbooks, ruleTests }: MonitoringTexts,
  exported: ReadonlySet<string>,
): readonly string[] {
  const parsed: unknown = parse(rules);
  const all = listAt(parsed, 'groups').flatMap((group) => listAt(group, 'rules'));
  const records = new Set(all.map((rule) => String(at(rule, 'record'))));
  const known = (name: string): boolean => records.has(name) || exported.has(familyOf(name, exported));
  const unknownIn = (place: string, expression: string): string[] =>
    [...new Set(expression.match(metricName) ?? [])]
      .filter((name) => !known(name))
      .map((name) => `${place}: nobody exports ${name}`);
  return [
    ...all.flatMap((rule) =>
      unknownIn(String(at(rule, 'alert') ?? at(rule, 'record')), String(at(rule, 'expr'))),
    ),
    ...all.filter((rule) => at(rule, 'alert') !== undefined).flatMap((rule) => alertProblems(rule)),
    ...Object.entries(dashboards).flatMap(([name, text]) =>
      queriesOf(JSON.parse(text)).flatMap((query) => unknownIn(`dashboard ${name}`, query)),
    ),
  ];

  function alertProblems(rule: unknown): string[] {
    const name = String(at(rule, 'alert'));
    const runbook = String(at(rule, 'annotations', 'runbook'));
    const tests = ruleTests.split(`alertname: ${name}\n`).slice(1);
    return [
      ...(runbooks.includes(runbook) ? [] : [`${name}: there is no ${runbook}`]),
      ...(['page', 'ticket'].includes(String(at(rule, 'labels', 'severity')))
        ? []
        : [`${name}: no severity`]),
      ...(at(rule, 'labels', 'owner') === undefined ? [`${name}: no owner`] : []),
      ...(tests.some((text) => /^\s+exp_alerts:/.test(text)) ? [] : [`${name}: no test in which it fires`]),
      ...(tests.some((text) => !/^\s+exp_alerts:/.test(text))
        ? []
        : [`${name}: no test in which it keeps silent`]),
    ];
  }
}

/** A histogram exports its name with three endings. */
function familyOf(name: string, exported: ReadonlySet<string>): string {
  if (exported.has(name)) return name;
  return name.replace(/_(?:bucket|count|sum)$/, '');
}

/** Every PromQL expression of a dashboard. */
export function queriesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(queriesOf);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'expr' && typeof inner === 'string' ? [inner] : queriesOf(inner),
  );
}
