import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { isManifest, type Manifest, titleOf } from './manifest.ts';

/** True when the program can be started. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['version'], { stdio: 'ignore' }).error === undefined;
}

const generatedKinds = ['ConfigMap', 'Secret'];

/** Where what kustomize itself builds differs from what was rendered here. Throws when the build fails. */
export function compareWithKustomize(
  program: string,
  folder: string,
  rendered: readonly Manifest[],
): readonly string[] {
  const build = spawnSync(program, ['build', folder], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (build.status !== 0) return [`kustomize build ${folder} failed: ${build.stderr}`];
  const text = rendered
    .filter(({ kind }) => generatedKinds.includes(kind))
    // kustomize adds a hash to the names of generated objects, and to whatever refers to them.
    .reduce(
      (all, { metadata: { name } }) => all.replaceAll(new RegExp(`\\b${name}-[a-z0-9]{10}\\b`, 'g'), name),
      build.stdout,
    );
  const built = new Map<string, Manifest>();
  for (const document of parseAllDocuments(text)) {
    const object: unknown = document.toJS();
    if (isManifest(object)) built.set(titleOf(object), object);
  }
  const ours = new Map(rendered.map((object) => [titleOf(object), object]));
  return [...new Set([...built.keys(), ...ours.keys()])].flatMap((title) => {
    const [one, other] = [built.get(title), ours.get(title)];
    if (one === undefined) return [`${title} is rendered here and not by kustomize`];
    if (other === undefined) return [`${title} is built by kustomize and not rendered here`];
    return isDeepStrictEqual(plain(one), plain(other)) ? [] : [`${title} differs from what kustomize builds`];
  });
}

/** kustomize breaks long base64 texts into lines. */
function plain(object: Manifest): unknown {
  return JSON.parse(JSON.stringify(object), (_key, value: unknown) =>
    object.kind === 'Secret' && typeof value === 'string' ? value.replaceAll(/\s/g, '') : value,
  );
}

/** What `kubernetes-validate --strict` says against the core objects. */
export function validateStrictly(program: string, objects: readonly Manifest[]): readonly string[] {
  const core = objects.filter(({ apiVersion }) =>
    /^(v1|[a-z]+\/v1|networking\.k8s\.io\/v1)$/.test(apiVersion),
  );
  const folder = mkdtempSync(join(tmpdir(), 'watertight-k8s-'));
  try {
    const file = join(folder, 'all.yaml');
    writeFileSync(
      file,
      core.map((object) => stringify(object, { aliasDuplicateObjects: false })).join('---\n'),
    );
    const run = spawnSync(program, ['--strict', '--quiet', file], { encoding: 'utf8' });
    return run.status === 0 ? [] : [`${run.stdout}${run.stderr}`.trim()];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The custom resources with the schema file of each, where the folder of schemas is there. */
export function schemaFileOf(schemas: string, { apiVersion, kind }: Manifest): string | undefined {
  const [group = '', version = ''] = apiVersion.split('/');
  if (!existsSync(join(schemas, group))) return undefined;
  const name = `${kind.toLowerCase()}_${version}.json`;
  return readdirSync(join(schemas, group)).includes(name) ? join(schemas, group, name) : undefined;
}
