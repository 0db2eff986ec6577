import { type BuyerProfile, BuyerProfileSchema } from '@watertight/contracts';
import { Compile } from 'typebox/compile';

const schema = Compile(BuyerProfileSchema);

/** Reads a profile that was kept until it has left. Throws when it does not fit: that is a bug. */
export function fromProfilePayload(payload: unknown): BuyerProfile {
  if (!schema.Check(payload)) throw new TypeError('a profile in buyer_profile is not one');
  return payload;
}
