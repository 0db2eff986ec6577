import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Which project may depend on which: the table of docs/architecture.md. */
const boundaries = [
  { sourceTag: 'type:contract', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:contract', 'type:test'] },
  { sourceTag: 'type:adapter', onlyDependOnLibsWithTags: ['type:contract', 'type:platform', 'type:test'] },
  { sourceTag: 'type:policy', onlyDependOnLibsWithTags: ['type:contract', 'type:platform', 'type:test'] },
  { sourceTag: 'type:test', onlyDependOnLibsWithTags: ['type:contract'] },
  ...['ingest', 'mapper', 'writer', 'monitor'].map((scope) => ({
    sourceTag: `scope:${scope}`,
    onlyDependOnLibsWithTags: ['type:contract', 'type:platform', 'type:adapter', 'type:policy', 'type:test'],
  })),
  { sourceTag: 'scope:console', onlyDependOnLibsWithTags: ['type:contract'] },
  { sourceTag: 'scope:sandbox', onlyDependOnLibsWithTags: ['type:platform'] },
  { sourceTag: 'scope:e2e', onlyDependOnLibsWithTags: ['type:test', 'type:contract'] },
];

/** Packages that only one place may import, so that each can be replaced by changing that place. */
const confined = [
  {
    name: 'kafkajs',
    message: 'Only libs/kafka imports kafkajs.',
    // The benchmark empties topics, which no service ever does.
    allowed: ['libs/kafka/src/**', 'bench/**'],
  },
  {
    name: 'klaviyo-api',
    message: 'Only apps/klaviyo-writer/src/klaviyo imports the SDK.',
    allowed: ['apps/klaviyo-writer/src/klaviyo/**'],
  },
  {
    name: 'axios',
    message: 'Only apps/klaviyo-writer/src/klaviyo imports axios.',
    allowed: ['apps/klaviyo-writer/src/klaviyo/**'],
  },
  {
    name: 'typeorm',
    message: 'typeorm belongs in libs/postgres and in *.store.ts, *.entity.ts and migrations/.',
    allowed: ['libs/postgres/src/**', '**/*.store.ts', '**/*.entity.ts', '**/migrations/**'],
  },
  {
    name: '@watertight/testing',
    message: 'Only specs use libs/testing.',
    allowed: [
      '**/*.spec.ts',
      '**/*.medium-spec.ts',
      '**/*.fixture.ts',
      '**/testing/**',
      'apps/e2e/**',
      'tools/chaos/**',
    ],
  },
];

const restricted = (names) => ({
  'no-restricted-imports': [
    'error',
    {
      paths: confined
        .filter(({ name }) => names.includes(name))
        .map(({ name, message }) => ({ name, message })),
    },
  ],
});

const restrictedSyntax = [
  { selector: 'TSEnumDeclaration', message: 'String literal unions instead of enums.' },
  { selector: 'ExportAllDeclaration', message: 'Named exports only.' },
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: "CallExpression[callee.name='forwardRef']", message: 'forwardRef hides a cycle.' },
];

const readsEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only libs/service/src/load-config.ts reads process.env.',
};

const specs = [
  '**/*.spec.ts',
  '**/*.medium-spec.ts',
  '**/*.test.ts',
  '**/*.fixture.ts',
  'apps/e2e/**',
  'libs/testing/**',
];

export default [
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/*.mjs',
      '**/*.config.ts',
      '.nx/**',
      '.local/**',
      'artifacts/**',
      // What another team would write: it knows nothing of this repository's rules.
      'examples/**',
      // Generated from the API's document.
      'apps/console/src/api/schema.d.ts',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx, 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx'] })],
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: boundaries },
      ],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-empty-object-type': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-restricted-syntax': ['error', ...restrictedSyntax, readsEnvironment],
      ...restricted(confined.map(({ name }) => name)),
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', { max: 6 }],
    },
  },
  // Where a confined package is at home, all the others stay confined.
  ...confined.map(({ name, allowed }) => ({
    files: allowed,
    rules: restricted(
      confined.filter((other) => other.name !== name && !sameHome(other, allowed)).map((other) => other.name),
    ),
  })),
  {
    files: [
      'libs/service/src/load-config.ts',
      'tools/**',
      'bench/**',
      'apps/sandbox/src/sandbox.config.ts',
      ...specs,
    ],
    rules: { 'no-restricted-syntax': ['error', ...restrictedSyntax] },
  },
  {
    files: specs,
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': ['error', { max: 500 }],
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['tools/**', 'bench/**'],
    rules: {
      '@nx/enforce-module-boundaries': 'off',
      // node:test waits for its own tests.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  // Two specs of one kind may need more than one confined package.
  {
    files: [
      'libs/kafka/src/**/*.medium-spec.ts',
      'libs/kafka/src/**/*.spec.ts',
      'libs/postgres/src/**/*-spec.ts',
    ],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: [
      'apps/klaviyo-writer/src/klaviyo/**/*.spec.ts',
      'apps/klaviyo-writer/src/klaviyo/**/*.medium-spec.ts',
    ],
    rules: { 'no-restricted-imports': 'off' },
  },
  prettier,
];

/** Overlapping homes (klaviyo-api and axios live in the same folder) must not forbid each other. */
function sameHome(other, allowed) {
  return other.allowed.some((place) => allowed.includes(place));
}
