import type { ReasonDefinition } from '../reason-definition.ts';

/** Reasons that marketplaces.yaml gives. */
export const POLICY_REASONS = {
  'policy.contact_not_used': {
    meaning: 'marketplaces.yaml says that contacts of this marketplace are not used (contact.use: none)',
    bucket: 'withheld',
    owner: 'marketing',
    severity: 'info',
    dueHours: null,
    whatToDo: 'Nothing, unless the policy should change',
    resolvesWhen: 'The policy changes',
  },
  'policy.deliver_nothing': {
    meaning: 'marketplaces.yaml says that nothing of this marketplace is delivered (deliver: nothing)',
    bucket: 'withheld',
    owner: 'marketing',
    severity: 'info',
    dueHours: null,
    whatToDo: 'Nothing, unless the policy should change',
    resolvesWhen: 'The policy changes',
  },
  'policy.unknown_marketplace': {
    meaning: 'The order names a marketplace that is not in marketplaces.yaml',
    bucket: 'withheld',
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo: 'Add the marketplace to marketplaces.yaml, or remove its leftovers',
    resolvesWhen: 'The marketplace is configured and the order replayed',
  },
  'policy.profile_budget': {
    meaning:
      'The buyer would be a new Klaviyo profile beyond the budget (klaviyo.newProfilesPerDay, PerMonth)',
    bucket: 'withheld',
    owner: 'marketing',
    severity: 'medium',
    dueHours: 72,
    whatToDo: 'Wait for the next day or month, or raise the budget in marketplaces.yaml',
    resolvesWhen: 'There is room in the budget: the event is then sent by itself',
  },
  'policy.no_profile': {
    meaning: 'The policy sends events for existing profiles only, and Klaviyo has no profile of this buyer',
    bucket: 'withheld',
    owner: 'marketing',
    severity: 'info',
    dueHours: null,
    whatToDo: 'Nothing, unless new profiles are wanted for this marketplace',
    resolvesWhen: 'The buyer becomes a profile in another way and the order is replayed',
  },
} as const satisfies Readonly<Record<string, ReasonDefinition>>;
