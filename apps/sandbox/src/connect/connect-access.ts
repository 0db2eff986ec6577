import { SeededRandom } from '../seeded-random.ts';
import { ConnectRefusal } from './connect-refusal.ts';

/** The seller's client at Mirakl Connect. Invented, and the same for every company of the sandbox. */
const clients = new Map([['sandbox-connect', 'sandbox-connect-secret']]);

/** The company that is linked to every marketplace; `sandbox-company-<marketplace>` is linked to that one alone. */
const wholeCompany = 'sandbox-company';

interface Grant {
  readonly companyId: string;
  readonly endsMs: number;
}

/** OAuth2 client credentials: tokens for a company, each for as long as it lives. */
export class ConnectAccess {
  private readonly grants = new Map<string, Grant>();
  /** Mirakl's tokens live an hour less a second. */
  tokenSeconds = 3599;

  /** Throws `ConnectRefusal`: 400 on a bad request, 401 on wrong credentials. */
  grant(form: URLSearchParams, nowMs: number): { readonly token: string; readonly expiresIn: number } {
    if (form.get('grant_type') !== 'client_credentials')
      throw new ConnectRefusal(400, 'unsupported_grant_type');
    const secret = clients.get(form.get('client_id') ?? '');
    if (secret === undefined || secret !== form.get('client_secret'))
      throw new ConnectRefusal(401, 'invalid_client');
    const companyId = form.get('audience') ?? '';
    if (companyId !== wholeCompany && !companyId.startsWith(`${wholeCompany}-`)) {
      throw new ConnectRefusal(400, 'invalid_request');
    }
    const token = new SeededRandom('token', companyId, this.grants.size, nowMs).letters(40);
    this.grants.set(token, { companyId, endsMs: nowMs + this.tokenSeconds * 1000 });
    return { token, expiresIn: this.tokenSeconds };
  }

  /** The company of a token. Throws `ConnectRefusal` (401) when there is none, or it has run out. */
  companyOf(authorization: string | undefined, nowMs: number): string {
    const grant = this.grants.get(authorization?.replace(/^Bearer /, '') ?? '');
    if (!grant || !authorization?.startsWith('Bearer ') || grant.endsMs <= nowMs) {
      throw new ConnectRefusal(401, 'invalid_token');
    }
    return grant.companyId;
  }
}

/** Whether a company sells on a marketplace. */
export function isLinked(companyId: string, marketplaceId: string): boolean {
  return companyId === wholeCompany || companyId === `${wholeCompany}-${marketplaceId}`;
}
