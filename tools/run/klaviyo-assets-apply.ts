import type { AssetsAccount } from './klaviyo-assets-account.ts';
import { recordKey, type AssetStep } from './klaviyo-assets-plan.ts';
import { recordId } from './klaviyo-assets-record.ts';

export interface Applied {
  readonly created: number;
  readonly updated: number;
  readonly left: number;
}

/** Does what the plan says, one after the other, and writes each new id down before it goes on. */
export async function applyAssets(
  steps: readonly AssetStep[],
  target: { readonly account: AssetsAccount; readonly accountId: string; readonly recordFile: string },
): Promise<Applied> {
  const { account, accountId, recordFile } = target;
  const done = { created: 0, updated: 0, left: 0 };
  for (const step of steps) {
    switch (step.do) {
      case 'create': {
        const id = await account.create(step.asset);
        recordId(recordFile, accountId, recordKey(step.asset), id);
        done.created += 1;
        break;
      }
      case 'update':
        await account.update(step.asset, step.id);
        done.updated += 1;
        break;
      case 'record':
        recordId(recordFile, accountId, recordKey(step.asset), step.id);
        break;
      case 'leave':
        done.left += 1;
        break;
      case 'nothing':
        break;
    }
  }
  return done;
}
