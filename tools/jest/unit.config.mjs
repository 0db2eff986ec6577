import { baseConfig } from './base.config.mjs';

export default { ...baseConfig, testMatch: ['<rootDir>/src/**/*.spec.{ts,tsx}'], testTimeout: 5_000 };
