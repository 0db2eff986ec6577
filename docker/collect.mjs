// Sorts the built repository into what the image is made of: `manifests` (package.json files, lock file, what installs
// production packages) and `programs` (compiled code and the console's files).
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = process.argv[2];
if (target === undefined) throw new Error('usage: collect.mjs <folder>');

/** Projects that only test or build. */
const left = ['apps/e2e', 'libs/testing'];
const projects = ['apps', 'libs']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
  .filter((path) => existsSync(join(root, path, 'package.json')) && !left.includes(path));

const copy = (path, to) => {
  mkdirSync(dirname(join(target, to, path)), { recursive: true });
  cpSync(join(root, path), join(target, to, path), {
    recursive: true,
    // The armed crash points are for tests that kill a service at an exact step.
    filter: (file) =>
      !/\.(map|tsbuildinfo|d\.ts)$|\.(medium-)?spec\.js$|\.fixture\.js$|\/armed-crash-point\.js$/.test(file),
  });
};

/** The console is files by now: its packages are inside them. */
const withoutPackages = ['apps/console'];
for (const path of projects) {
  const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  delete manifest.devDependencies;
  delete manifest.scripts;
  if (withoutPackages.includes(path)) delete manifest.dependencies;
  mkdirSync(join(target, 'manifests', path), { recursive: true });
  writeFileSync(join(target, 'manifests', path, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  if (existsSync(join(root, path, 'dist'))) copy(`${path}/dist`, 'programs');
}
const main = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
delete main.devDependencies;
delete main.scripts;
main.workspaces = projects;
writeFileSync(join(target, 'manifests/package.json'), `${JSON.stringify(main, null, 2)}\n`);
writeFileSync(
  join(target, 'manifests/package-lock.json'),
  `${JSON.stringify(productionLock(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')), main), null, 2)}\n`,
);
for (const path of ['docker/start.mjs', 'docker/prune.mjs']) copy(path, 'manifests');
for (const path of ['LICENSE', 'marketplaces.schema.json'])
  if (existsSync(join(root, path))) copy(path, 'programs');

/** The same versions as everywhere: the lock file with the projects as they are in the image. */
function productionLock(lock, manifest) {
  const packages = Object.fromEntries(
    Object.entries(lock.packages).filter(
      ([place, entry]) =>
        !left.some((path) => place === path || place.startsWith(`${path}/`) || entry.resolved === path),
    ),
  );
  packages[''] = { ...packages[''], workspaces: projects };
  delete packages[''].devDependencies;
  for (const path of projects) {
    delete packages[path].devDependencies;
    if (withoutPackages.includes(path)) delete packages[path].dependencies;
  }
  return { ...lock, name: manifest.name, packages };
}
