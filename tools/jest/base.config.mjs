import { fileURLToPath } from 'node:url';

const swc = {
  swcrc: false,
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', tsx: true, decorators: true },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      useDefineForClassFields: true,
      react: { runtime: 'automatic' },
    },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

// A file without JSX must not be parsed as TSX: there, `<T>(value: T) => value` would be an element.
const swcWithoutJsx = { ...swc, jsc: { ...swc.jsc, parser: { ...swc.jsc.parser, tsx: false } } };

/** What every kind of test shares. Each project is its own jest root (the folder the command runs in). */
export const baseConfig = {
  rootDir: process.cwd(),
  testEnvironment: 'node',
  // '@watertight/source' lets a test use the libraries' TypeScript, so that nothing has to be built first.
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons', '@watertight/source'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '\\.tsx$': ['@swc/jest', swc],
    '\\.m?ts$': ['@swc/jest', swcWithoutJsx],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  reporters: ['default', fileURLToPath(new URL('./results-reporter.mjs', import.meta.url))],
  injectGlobals: false,
  forceExit: false,
  // A snapshot that is not there yet is a failure; `-u` writes it, to be read in review.
  ci: true,
};
