import { apiFiles } from './api-files.ts';
import { contractFiles, type GeneratedFiles } from './contract-files.ts';
import { kubernetesFiles } from './kubernetes-files.ts';
import { policyFiles } from './policy-files.ts';

/** Everything that is generated and committed. */
export function allGeneratedFiles(root: string): GeneratedFiles {
  return new Map([...contractFiles(root), ...policyFiles(), ...kubernetesFiles(), ...apiFiles()]);
}
