import type { ReasonDefinition } from './reason-definition.ts';
import { BALANCE_REASONS } from './reasons/balance-reasons.ts';
import { CONTACT_REASONS } from './reasons/contact-reasons.ts';
import { CONTRACT_REASONS } from './reasons/contract-reasons.ts';
import { HISTORY_REASONS } from './reasons/history-reasons.ts';
import { KLAVIYO_REASONS } from './reasons/klaviyo-reasons.ts';
import { MAPPING_REASONS } from './reasons/mapping-reasons.ts';
import { POLICY_REASONS } from './reasons/policy-reasons.ts';
import { PRIVACY_REASONS } from './reasons/privacy-reasons.ts';
import { SOURCE_REASONS } from './reasons/source-reasons.ts';

/**
 * Every reason code there is: `area.cause`, one file per area. The docs, the console's labels and the runbook list are
 * generated from here; a reason that is not listed does not compile.
 */
export const REASONS = {
  ...SOURCE_REASONS,
  ...MAPPING_REASONS,
  ...CONTACT_REASONS,
  ...POLICY_REASONS,
  ...PRIVACY_REASONS,
  ...CONTRACT_REASONS,
  ...HISTORY_REASONS,
  ...KLAVIYO_REASONS,
  ...BALANCE_REASONS,
} as const satisfies Readonly<Record<string, ReasonDefinition>>;

export type ReasonCode = keyof typeof REASONS;

export const REASON_CODES: readonly ReasonCode[] = Object.keys(REASONS).filter(isReasonCode);

export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(REASONS, text);
}

export function reasonOf(code: ReasonCode): ReasonDefinition {
  return REASONS[code];
}
