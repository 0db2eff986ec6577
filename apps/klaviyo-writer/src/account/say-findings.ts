import type { Finding } from '@watertight/contracts';
import type { SayWords } from '../delivery/say-words.ts';
import { type AccountFinding, type AccountToCheck, checkAccount } from './check-account.ts';

/** Checks the account and says what was found on `sync.outcomes.v1`: at start, and when a person asks. */
export class SayFindings {
  constructor(
    private readonly words: SayWords,
    private readonly toCheck: () => AccountToCheck,
  ) {}

  async run(): Promise<readonly AccountFinding[]> {
    const account = this.toCheck();
    const findings = await checkAccount(account);
    await this.words.say(findings.map((finding) => wordOf(finding, account.now)));
    return findings;
  }
}

function wordOf({ check, result, detail }: AccountFinding, now: Date): Finding {
  return {
    kind: 'finding',
    outcomeId: `writer:finding:account:${check}`,
    stage: 'writer',
    marketplaceId: null,
    at: now.toISOString(),
    check,
    result,
    detail: detail.slice(0, 2_000),
  };
}
