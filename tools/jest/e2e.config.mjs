import { baseConfig } from './base.config.mjs';

export default {
  ...baseConfig,
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  testTimeout: 300_000,
  // Each file has a system of its own, which waits for its doubles about half of the time.
  maxWorkers: 2,
};
