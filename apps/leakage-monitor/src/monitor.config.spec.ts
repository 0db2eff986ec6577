import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '@watertight/service';
import { monitorVariables } from './monitor.config.ts';

const load = (issuer: string) =>
  loadConfig(
    { OIDC_ISSUER: monitorVariables.OIDC_ISSUER },
    {
      OIDC_ISSUER: issuer,
    },
  );

describe('the address of the identity provider', () => {
  it('is https, and http only on this machine', () => {
    expect(load('https://id.example.com/realms/shop').OIDC_ISSUER).toBe('https://id.example.com/realms/shop');
    expect(load('http://127.0.0.1:8080').OIDC_ISSUER).toBe('http://127.0.0.1:8080');
    expect(() => load('http://id.example.com/realms/shop')).toThrow(ConfigError);
  });
});
