// Renders every overlay and holds it against the published schemas and our own rules. With kustomize,
// kubernetes-validate or a folder of custom-resource schemas at hand, against those as well; without, it says so.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { validateCustomResources } from './kubernetes/custom-resources.ts';
import { compareWithKustomize, isInstalled, validateStrictly } from './kubernetes/external-tools.ts';
import { findPolicyProblems } from './kubernetes/find-policy-problems.ts';
import { findSchemaProblems } from './kubernetes/find-schema-problems.ts';
import { renderKustomization } from './kubernetes/render-kustomization.ts';

const root = join(import.meta.dirname, '../..');
const overlays = join(root, 'k8s/overlays');
const schemas = process.env['K8S_CRD_SCHEMAS'] ?? join(root, '../shared/reference/k8s-crd-schemas');
const tools = {
  kustomize: isInstalled('kustomize'),
  'kubernetes-validate': isInstalled('kubernetes-validate'),
  schemas: existsSync(schemas),
};
const problems: string[] = [];
let objects = 0;
for (const overlay of readdirSync(overlays).sort()) {
  const rendered = renderKustomization(join(overlays, overlay));
  objects += rendered.length;
  const found = [
    ...findSchemaProblems(rendered),
    ...findPolicyProblems(rendered),
    ...(tools.kustomize ? compareWithKustomize('kustomize', join(overlays, overlay), rendered) : []),
    ...(tools['kubernetes-validate'] ? validateStrictly('kubernetes-validate', rendered) : []),
    ...(tools.schemas ? validateCustomResources(schemas, rendered).problems : []),
  ];
  problems.push(...found.map((problem) => `${overlay}: ${problem}`));
}
if (problems.length > 0) {
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(''));
  process.exit(1);
}
process.stdout.write(`${objects} Kubernetes objects fit their schemas and our rules\n`);
const ran = Object.entries(tools).map(
  ([name, here]) => `${name}: ${here ? 'also held against it' : 'NOT RUN, not installed here'}`,
);
process.stdout.write(`${ran.join('\n')}\n`);
