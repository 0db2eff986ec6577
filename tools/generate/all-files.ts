import { contractFiles, type GeneratedFiles } from './contract-files.ts';
import { handoverFiles } from './handover-files.ts';
import { kubernetesFiles } from './kubernetes-files.ts';
import { policyFiles } from './policy-files.ts';

/** Everything that is generated and committed. */
export function allGeneratedFiles(root: string): GeneratedFiles {
  return new Map([...contractFiles(root), ...policyFiles(), ...kubernetesFiles(), ...handoverFiles(root)]);
}
