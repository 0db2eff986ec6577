import { baseConfig } from './base.config.mjs';

export default {
  ...baseConfig,
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  testTimeout: 300_000,
  maxWorkers: 1,
};
