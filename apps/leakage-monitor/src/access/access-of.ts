import { hkdfSync } from 'node:crypto';
import { type Clock, ConfigError } from '@watertight/service';
import type { MonitorConfig } from '../monitor.config.ts';
import { Access } from './access.ts';
import { OidcProvider } from './oidc-provider.ts';
import { OidcTokens } from './oidc-tokens.ts';
import { Sessions } from './sessions.ts';

type AccessConfig = Pick<
  MonitorConfig,
  | 'BUYER_ID_KEY'
  | 'LOCAL_TOKEN'
  | 'OIDC_ISSUER'
  | 'OIDC_AUDIENCE'
  | 'OIDC_CLIENT_ID'
  | 'OIDC_CLIENT_SECRET'
  | 'OIDC_ROLES_CLAIM'
  | 'OIDC_ROLE_VIEWER'
  | 'OIDC_ROLE_OPERATOR'
  | 'OIDC_ROLE_ADMIN'
>;

/** Throws ConfigError when nobody could be let in: the API is never open to everyone. */
export function accessOf(config: AccessConfig, clock: Clock): Access {
  const { LOCAL_TOKEN: localToken, OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = config;
  if (localToken === undefined && issuer === undefined) {
    throw new ConfigError([
      'LOCAL_TOKEN is missing, and no identity provider is configured: nobody could use API and console. ' +
        'Set LOCAL_TOKEN to a long random text, for example the output of `openssl rand -hex 32`, or OIDC_ISSUER.',
    ]);
  }
  if (issuer !== undefined && audience === undefined) {
    throw new ConfigError(['OIDC_AUDIENCE is missing: without it tokens made for others would be let in.']);
  }
  const provider =
    issuer === undefined
      ? undefined
      : new OidcProvider({
          issuer,
          clientId: config.OIDC_CLIENT_ID,
          clientSecret: config.OIDC_CLIENT_SECRET,
        });
  const tokens =
    provider === undefined || audience === undefined
      ? undefined
      : new OidcTokens(provider, {
          audience,
          rolesClaim: config.OIDC_ROLES_CLAIM,
          roleNames: {
            viewer: config.OIDC_ROLE_VIEWER,
            operator: config.OIDC_ROLE_OPERATOR,
            admin: config.OIDC_ROLE_ADMIN,
          },
        });
  return new Access({ localToken, oidc: tokens, provider, sessions: sessionsOf(config), clock });
}

/** Sealed so that sessions die with the local token, where there is one, and every replica reads them. */
function sessionsOf({ BUYER_ID_KEY, LOCAL_TOKEN = '' }: AccessConfig): Sessions {
  const secret = hkdfSync('sha256', BUYER_ID_KEY, LOCAL_TOKEN, 'leakage-monitor|console-session', 32);
  return new Sessions(Buffer.from(secret).toString('hex'));
}
