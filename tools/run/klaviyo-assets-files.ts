import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { parse } from 'yaml';
import { Failure } from '../stack/failure.ts';

/** In the name of everything that the command makes, so that people at Klaviyo see where it comes from. */
export const nameMark = '[watertight]';

export interface SegmentAsset {
  readonly kind: 'segment';
  /** Names the asset for ever; the record of ids is kept by it. */
  readonly key: string;
  readonly name: string;
  readonly definition: unknown;
}

export interface TemplateAsset {
  readonly kind: 'template';
  readonly key: string;
  readonly name: string;
  readonly editorType: 'CODE';
  readonly html: string;
  readonly text: string;
}

export type Asset = SegmentAsset | TemplateAsset;

const strict = { additionalProperties: false } as const;
const Lines = Type.Array(Type.String({ minLength: 1 }), { uniqueItems: true });
const Whole = Type.Integer({ minimum: 1 });

const Settings = Type.Object(
  {
    skus: Lines,
    channels: Lines,
    highValueFrom: Type.Number({ exclusiveMinimum: 0 }),
    lapsedAfterDays: Whole,
    keepOutDays: Whole,
  },
  strict,
);
export type AssetSettings = Static<typeof Settings>;

const SegmentFile = Type.Object(
  {
    key: Type.String({ pattern: '^[a-z-]+$' }),
    forEach: Type.Optional(Type.Enum(['skus', 'channels'])),
    name: Type.String({ minLength: 1 }),
    about: Type.String({ minLength: 1 }),
    definition: Type.Object({ condition_groups: Type.Array(Type.Unknown(), { minItems: 1 }) }, strict),
  },
  strict,
);

const TemplateFile = Type.Object(
  {
    key: Type.String({ pattern: '^[a-z-]+$' }),
    name: Type.String({ minLength: 1 }),
    about: Type.String({ minLength: 1 }),
    editorType: Type.Literal('CODE'),
    html: Type.String({ pattern: '\\.html$' }),
    text: Type.String({ pattern: '\\.txt$' }),
  },
  strict,
);

const settingsShape = Compile(Settings);
const segmentShape = Compile(SegmentFile);
const templateShape = Compile(TemplateFile);

interface Shape<T> {
  readonly Check: (value: unknown) => value is T;
  readonly Errors: (value: unknown) => readonly { instancePath: string; message: string }[];
}

function readYaml<T>(file: string, shape: Shape<T>): T {
  const value: unknown = parse(readFileSync(file, 'utf8'));
  if (shape.Check(value)) return value;
  const problems = shape.Errors(value).map(({ instancePath, message }) => `  ${instancePath} ${message}`);
  throw new Failure(`${file} cannot be used:\n${problems.join('\n')}`);
}

/** Throws a Failure that lists what is wrong with the file. */
export function readAssetSettings(file: string): AssetSettings {
  return readYaml(file, settingsShape);
}

/** Every segment and template of the folder, with the settings put in. Throws a Failure that names a wrong file. */
export function readAssets(folder: string, settings: AssetSettings): readonly Asset[] {
  const filesOf = (kind: string): string[] =>
    readdirSync(join(folder, kind))
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .map((name) => join(folder, kind, name));
  const segments = filesOf('segments').flatMap((file) => segmentsOf(readYaml(file, segmentShape), settings));
  const templates = filesOf('templates').map((file): TemplateAsset => {
    const { key, name, editorType, html, text } = readYaml(file, templateShape);
    const content = (part: string): string => readFileSync(join(folder, 'templates', part), 'utf8');
    return {
      kind: 'template',
      key,
      name: `${name} ${nameMark}`,
      editorType,
      html: content(html),
      text: content(text),
    };
  });
  return [...segments, ...templates];
}

function segmentsOf(file: Static<typeof SegmentFile>, settings: AssetSettings): readonly SegmentAsset[] {
  const one = (key: string, values: Readonly<Record<string, unknown>>): SegmentAsset => ({
    kind: 'segment',
    key,
    name: `${String(fill(file.name, values))} ${nameMark}`,
    definition: fill(file.definition, values),
  });
  if (file.forEach === undefined) return [one(file.key, settings)];
  return settings[file.forEach].map((value) => one(`${file.key}/${value}`, { ...settings, value }));
}

/** Puts settings in the place of `${name}`; a text that is nothing else becomes the value itself, so 60 stays a number. */
export function fill(template: unknown, values: Readonly<Record<string, unknown>>): unknown {
  const valueOf = (name: string): unknown => {
    if (Object.hasOwn(values, name)) return values[name];
    throw new Failure(`\${${name}} is not among the settings: ${Object.keys(values).join(', ')}.`);
  };
  if (typeof template === 'string') {
    const [, whole] = /^\$\{(\w+)\}$/.exec(template) ?? [];
    if (whole !== undefined) return valueOf(whole);
    return template.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => String(valueOf(name)));
  }
  if (Array.isArray(template)) return template.map((each) => fill(each, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, each]) => [key, fill(each, values)]));
}
