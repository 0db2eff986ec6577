import { apiFiles } from './api-files.ts';
import { configurationFiles } from './configuration-files.ts';
import { contractFiles, type GeneratedFiles } from './contract-files.ts';
import { handoverFiles } from './handover-files.ts';
import { klaviyoFiles } from './klaviyo-files.ts';
import { kubernetesFiles } from './kubernetes/kubernetes-files.ts';
import { loadAppLists } from './load-lists.ts';
import { metricsFiles } from './metrics-files.ts';
import { monitoringFiles } from './monitoring-files.ts';
import { policyFiles } from './policy-files.ts';
import { referenceFiles } from './reference-files.ts';

const apps = await loadAppLists();

/** Everything that is generated and committed. */
export function allGeneratedFiles(root: string): GeneratedFiles {
  return new Map([
    ...contractFiles(root),
    ...policyFiles(),
    ...configurationFiles(apps),
    ...metricsFiles(apps),
    ...kubernetesFiles(),
    ...monitoringFiles(root),
    ...apiFiles(),
    ...klaviyoFiles(),
    ...referenceFiles(),
    ...handoverFiles(root),
  ]);
}
