import { baseConfig } from './base.config.mjs';

export default {
  ...baseConfig,
  testMatch: ['<rootDir>/src/**/*.medium-spec.ts'],
  testTimeout: 60_000,
  // One broker and one database serve all files; one worker keeps their timings honest.
  maxWorkers: 1,
};
