// Runs the tests of the project in the current folder: `run.mjs unit|medium|e2e [jest arguments]`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useTestStack } from './test-stack.mjs';

// End-to-end tests start whole systems of their own (topic names are fixed), so they get no shared stack.
const kinds = {
  unit: { files: /\.spec\.tsx?$/, stack: false },
  medium: { files: /\.medium-spec\.ts$/, stack: true },
  e2e: { files: /\.spec\.ts$/, stack: false },
};

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const [kind, ...jestArguments] = process.argv.slice(2);
const settings = kinds[kind];
if (settings === undefined) {
  process.stderr.write(`usage: run.mjs ${Object.keys(kinds).join('|')} [jest arguments]\n`);
  process.exit(64);
}

const project = JSON.parse(readFileSync('package.json', 'utf8')).name;
const resultsFile = join(root, '.local/test-results', project, `${kind}.json`);

function hasTests() {
  return (
    existsSync('src') && readdirSync('src', { recursive: true }).some((name) => settings.files.test(name))
  );
}

function reportNoTests() {
  process.stdout.write(`${project} has no ${kind} tests.\n`);
  mkdirSync(dirname(resultsFile), { recursive: true });
  writeFileSync(resultsFile, '{"passed":0,"failed":0,"skipped":0,"seconds":0,"skippedTests":[]}\n');
}

function runJest(environment) {
  const node = join(root, 'node_modules/node/bin/node');
  const child = spawn(
    existsSync(node) ? node : process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--config',
      join(root, `tools/jest/${kind}.config.mjs`),
      ...jestArguments,
    ],
    { stdio: 'inherit', env: { ...process.env, ...environment, TEST_RESULTS_FILE: resultsFile } },
  );
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

// A result of an earlier run must not be counted for a run that breaks before it ends.
rmSync(resultsFile, { force: true });
if (!hasTests()) {
  reportNoTests();
} else if (settings.stack) {
  const stack = await useTestStack(root);
  try {
    process.exitCode = await runJest(stack.environment);
  } finally {
    await stack.stop();
  }
} else {
  process.exitCode = await runJest({});
}
