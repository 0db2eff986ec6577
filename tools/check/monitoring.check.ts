// Fails when a rule or a dashboard asks for a metric that nobody exports, or an alert has no runbook or no test. With
// promtool at hand the rules' unit tests run as well; without it, it says so.
import { spawnSync } from 'node:child_process';
import { findMonitoringProblems } from './monitoring/find-monitoring-problems.ts';
import { exportedMetrics, readMonitoring, ruleTestsFile } from './monitoring/read-monitoring.ts';

const problems = [...findMonitoringProblems(readMonitoring(), await exportedMetrics())];
const promtool = spawnSync('promtool', ['test', 'rules', ruleTestsFile], { encoding: 'utf8' });
const isHere = promtool.error === undefined;
if (isHere && promtool.status !== 0) problems.push(`${promtool.stdout}${promtool.stderr}`);
if (problems.length > 0) {
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(''));
  process.exit(1);
}
process.stdout.write(
  'every rule and dashboard asks for metrics that exist; every alert has a runbook and tests\n',
);
process.stdout.write(
  isHere
    ? 'promtool: rule tests passed\n'
    : 'promtool: NOT RUN, not installed here (Debian package prometheus)\n',
);
// prom-client's default metrics keep a timer.
process.exit(0);
