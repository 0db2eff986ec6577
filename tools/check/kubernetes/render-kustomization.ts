import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { applyPatch } from './json-patch.ts';
import { at, isManifest, isRecord, listAt, type Manifest } from './manifest.ts';

/**
 * Renders the part of kustomize that k8s/ uses, without kustomize: resources, components, namespace, images, JSON
 * patches, generated ConfigMaps and Secrets (without the hash in their names). Any other field is refused, so that what
 * is checked here is what kustomize builds; where kustomize is installed, the two are compared.
 * Throws RenderError with the file for everything it does not understand.
 */
export function renderKustomization(folder: string): readonly Manifest[] {
  return render(folder, []);
}

export class RenderError extends Error {
  override readonly name = 'RenderError';
}

const KNOWN = [
  'apiVersion',
  'kind',
  'resources',
  'components',
  'namespace',
  'images',
  'patches',
  'configMapGenerator',
  'secretGenerator',
];
const CLUSTER_WIDE = ['Namespace'];

function render(folder: string, before: readonly Manifest[]): readonly Manifest[] {
  const file = join(folder, 'kustomization.yaml');
  const kustomization: unknown = parse(readFileSync(file, 'utf8'));
  if (!isRecord(kustomization)) throw new RenderError(`${file}: is not a kustomization`);
  const unknown = Object.keys(kustomization).filter((field) => !KNOWN.includes(field));
  if (unknown.length > 0) throw new RenderError(`${file}: ${unknown.join(', ')} is not rendered here`);
  const text = (value: unknown): string => {
    if (typeof value !== 'string') throw new RenderError(`${file}: a text is expected`);
    return value;
  };
  let objects: readonly Manifest[] = [
    ...before,
    ...listAt(kustomization, 'resources').flatMap((path) => resource(join(folder, text(path)))),
    ...listAt(kustomization, 'configMapGenerator').map((entry) => generated('ConfigMap', entry, folder)),
    ...listAt(kustomization, 'secretGenerator').map((entry) => generated('Secret', entry, folder)),
  ];
  // A component changes what was there before it.
  for (const path of listAt(kustomization, 'components')) objects = render(join(folder, text(path)), objects);
  for (const patch of listAt(kustomization, 'patches')) objects = patched(objects, patch, folder);
  const { namespace } = kustomization;
  if (namespace !== undefined) objects = objects.map((object) => inNamespace(object, text(namespace)));
  return listAt(kustomization, 'images').reduce(withImage, objects);
}

function resource(path: string): readonly Manifest[] {
  if (statSync(path).isDirectory()) return render(path, []);
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new RenderError(`${path}: ${error.message}`);
    const object: unknown = document.toJS();
    if (!isManifest(object)) throw new RenderError(`${path}: an object without apiVersion, kind or name`);
    return object;
  });
}

function generated(kind: 'ConfigMap' | 'Secret', entry: unknown, folder: string): Manifest {
  const name = at(entry, 'name');
  if (typeof name !== 'string') throw new RenderError(`${folder}: a generator without a name`);
  const values: Record<string, string> = {};
  for (const literal of listAt(entry, 'literals')) {
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(String(literal)) ?? [];
    values[key] = value;
  }
  for (const listed of listAt(entry, 'files')) {
    const [, key, path = ''] = /^(?:([^=]+)=)?(.+)$/.exec(String(listed)) ?? [];
    values[key ?? basename(path)] = readFileSync(join(folder, path), 'utf8');
  }
  const encode = (value: string): string => Buffer.from(value).toString('base64');
  const labels = at(entry, 'options', 'labels');
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      ...(isRecord(labels)
        ? { labels: Object.fromEntries(Object.entries(labels).map(([k, v]) => [k, String(v)])) }
        : {}),
    },
    data:
      kind === 'Secret'
        ? Object.fromEntries(Object.entries(values).map(([key, value]) => [key, encode(value)]))
        : values,
    ...(kind === 'Secret' ? { type: 'Opaque' } : {}),
  };
}

function patched(objects: readonly Manifest[], patch: unknown, folder: string): readonly Manifest[] {
  const path = at(patch, 'path');
  const [kind, name] = [at(patch, 'target', 'kind'), at(patch, 'target', 'name')];
  if (typeof path !== 'string' || typeof kind !== 'string' || typeof name !== 'string')
    throw new RenderError(`${folder}: a patch needs path, target.kind and target.name`);
  const operations: unknown = parse(readFileSync(join(folder, path), 'utf8'));
  let hits = 0;
  const result = objects.map((object) => {
    if (object.kind !== kind || object.metadata.name !== name) return object;
    hits += 1;
    const changed = applyPatch(object, operations);
    if (!isManifest(changed)) throw new RenderError(`${path}: leaves no object of ${kind}/${name}`);
    return changed;
  });
  if (hits === 0) throw new RenderError(`${folder}: ${path} changes nothing, there is no ${kind}/${name}`);
  return result;
}

function inNamespace(object: Manifest, namespace: string): Manifest {
  if (CLUSTER_WIDE.includes(object.kind)) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function withImage(objects: readonly Manifest[], entry: unknown): readonly Manifest[] {
  const [name, newName, newTag] = [at(entry, 'name'), at(entry, 'newName'), at(entry, 'newTag')];
  if (typeof name !== 'string') throw new RenderError('an image without a name');
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) =>
        key === 'image' && inner === name
          ? [key, `${String(newName ?? name)}:${String(newTag)}`]
          : [key, replace(inner)],
      ),
    );
  };
  return objects.map((object) => {
    const changed = replace(object);
    return isManifest(changed) ? changed : object;
  });
}
