import type { SandboxBuyer } from './buyers.ts';
import type { MarketplaceProfile } from './marketplace-profile.ts';
import { SeededRandom } from '../seeded-random.ts';

export type ContactKind = 'direct' | 'relay' | 'absent' | 'empty' | 'malformed' | 'placeholder';

export interface OrderContact {
  readonly kind: ContactKind;
  /** The buyer's own address, trimmed and in lower case; `null` when the order does not show it. */
  readonly email: string | null;
  /** `undefined`: the key is not on the order at all. */
  readonly notificationEmail: string | undefined;
  /** Value of the additional field, when the marketplace has one and the order carries it. */
  readonly fieldEmail: string | undefined;
}

/** The kind alone, for counting many orders. */
export function contactKindOf(seed: number, profile: MarketplaceProfile, sequence: number): ContactKind {
  return pickKind(profile, new SeededRandom(seed, 'contact', profile.id, sequence).next());
}

/** How an order shows its buyer's address. Pure: depends on the seed, the marketplace and the order's number only. */
export function contactOf(
  seed: number,
  profile: MarketplaceProfile,
  buyer: SandboxBuyer,
  sequence: number,
): OrderContact {
  const random = new SeededRandom(seed, 'contact', profile.id, sequence);
  const kind = pickKind(profile, random.next());
  const relay = relayAddress(seed, profile, sequence);
  if (kind === 'direct') {
    const written = spelledFreely(buyer.email, random);
    return profile.emailField === null
      ? { kind, email: buyer.email, notificationEmail: written, fieldEmail: undefined }
      : { kind, email: buyer.email, notificationEmail: relay, fieldEmail: written };
  }
  const shown = { relay, absent: undefined, empty: '', malformed: '', placeholder: profile.placeholderEmail };
  const notificationEmail = kind === 'malformed' ? broken(buyer.email, random) : shown[kind];
  return { kind, email: null, notificationEmail, fieldEmail: undefined };
}

function pickKind(profile: MarketplaceProfile, drawn: number): ContactKind {
  const kinds: readonly ContactKind[] = ['direct', 'relay', 'absent', 'empty', 'malformed', 'placeholder'];
  let rest = drawn;
  for (const kind of kinds) {
    rest -= profile.contact[kind];
    if (rest < 0) return kind;
  }
  return 'relay';
}

/** The observed form: eleven characters that begin with r, a dot, nine that are the same for the whole operator. */
function relayAddress(seed: number, profile: MarketplaceProfile, sequence: number): string {
  const operator = new SeededRandom(seed, 'operator', profile.id).letters(9);
  return `r${new SeededRandom(seed, 'relay', profile.id, sequence).letters(10)}.${operator}@${profile.relayHost}`;
}

/** People and operators write one address in several ways; all of them are the same buyer. */
function spelledFreely(email: string, random: SeededRandom): string {
  const drawn = random.next();
  if (drawn < 0.06) return email.toUpperCase();
  if (drawn < 0.12) return email.charAt(0).toUpperCase() + email.slice(1);
  if (drawn < 0.15) return ` ${email}`;
  if (drawn < 0.18) return `${email}  `;
  return email;
}

function broken(email: string, random: SeededRandom): string {
  const [mailbox = '', domain = ''] = email.split('@');
  return random.pick([
    `${mailbox}(at)${domain}`,
    `${mailbox}@`,
    mailbox,
    `${mailbox}@@${domain}`,
    `${mailbox}@${domain.split('.')[0] ?? ''}`,
    'n/a',
  ]);
}
