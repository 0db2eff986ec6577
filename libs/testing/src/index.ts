export { assertTestDatabase, createTestSchema, type TestSchema } from './database-guard.ts';
export { FakeClock } from './fake-clock.ts';
export { type Sandbox, startSandbox } from './sandbox.ts';
export { type ProcessExit, type ServiceProcess, startProcess } from './service-process.ts';
export { type Stack, testStack } from './stack.ts';
export { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export { waitUntil, type WaitOptions } from './wait-until.ts';
