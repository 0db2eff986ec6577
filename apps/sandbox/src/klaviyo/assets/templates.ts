import { isJsonObject, memberAt, textAt, type Json, type JsonObject } from '../../http/json.ts';
import { invalidAt, KlaviyoRefusal, type KlaviyoProblem } from '../klaviyo-errors.ts';
import type { Asked } from '../list-events.ts';
import type { AssetBook, StoredTemplate } from './asset-book.ts';
import { findById, pageOf } from './page-of-assets.ts';

/** Klaviyo's limit on templates made through the API. Source: OpenAPI, create_template. */
const templatesMax = 1_000;
const editors = ['CODE', 'USER_DRAGGABLE'];

/** `GET /api/templates`: pages of at most 10. */
export function listTemplates(book: AssetBook, asked: Asked): JsonObject {
  return pageOf(book.templates, asked, (template) => renderTemplate(template, asked.api));
}

/** `GET /api/templates/:id`. Throws `KlaviyoRefusal` (404). */
export function getTemplate(book: AssetBook, id: string, asked: Asked): JsonObject {
  return { data: renderTemplate(findById(book.templates, id, 'template'), asked.api) };
}

/** `POST /api/templates`, for templates of HTML; the drag-and-drop ones are not played. */
export function createTemplate(book: AssetBook, body: Json, nowMs: number, asked: Asked): JsonObject {
  const attributes = memberAt(body, 'data', 'attributes') ?? {};
  const [name, editorType, html] = ['name', 'editor_type', 'html'].map((key) => textAt(attributes, key));
  const problems = [
    ...typeProblems(body),
    ...unknownProblems(attributes, ['name', 'editor_type', 'html', 'text']),
    ...(name ? [] : [invalidAt('/data/attributes/name', 'A name is required.')]),
    ...(editors.includes(editorType ?? '')
      ? []
      : [invalidAt('/data/attributes/editor_type', `One of ${editors.join(', ')} is required.`)]),
    ...(html ? [] : [invalidAt('/data/attributes/html', 'HTML is required.')]),
    ...(book.templates.length < templatesMax
      ? []
      : [invalidAt('/data', `An account has at most ${templatesMax} templates made through the API.`)]),
  ];
  if (problems.length > 0) throw new KlaviyoRefusal(400, problems);
  const template: StoredTemplate = {
    id: book.nextId(),
    name: name ?? '',
    editorType: editorType ?? '',
    html: html ?? '',
    text: textAt(attributes, 'text') ?? null,
    createdMs: nowMs,
    updatedMs: nowMs,
  };
  book.templates.push(template);
  return { data: renderTemplate(template, asked.api) };
}

/** `PATCH /api/templates/:id`: what is absent stays. */
export function updateTemplate(
  book: AssetBook,
  id: string,
  change: { readonly body: Json; readonly nowMs: number; readonly asked: Asked },
): JsonObject {
  const template = findById(book.templates, id, 'template');
  const attributes = memberAt(change.body, 'data', 'attributes') ?? {};
  const problems = [
    ...typeProblems(change.body),
    ...unknownProblems(attributes, ['name', 'html', 'text']),
    ...(textAt(change.body, 'data', 'id') === id ? [] : [invalidAt('/data/id', 'The id must be repeated.')]),
  ];
  if (problems.length > 0) throw new KlaviyoRefusal(400, problems);
  template.name = textAt(attributes, 'name') ?? template.name;
  template.html = textAt(attributes, 'html') ?? template.html;
  template.text = textAt(attributes, 'text') ?? template.text;
  template.updatedMs = change.nowMs;
  return { data: renderTemplate(template, change.asked.api) };
}

function typeProblems(body: Json): readonly KlaviyoProblem[] {
  return textAt(body, 'data', 'type') === 'template'
    ? []
    : [invalidAt('/data/type', 'The type must be template.')];
}

function unknownProblems(attributes: Json, known: readonly string[]): readonly KlaviyoProblem[] {
  return (isJsonObject(attributes) ? Object.keys(attributes) : [])
    .filter((name) => !known.includes(name))
    .map((name) => invalidAt(`/data/attributes/${name}`, `'${name}' is not a valid field.`));
}

function renderTemplate(template: StoredTemplate, api: string): JsonObject {
  return {
    type: 'template',
    id: template.id,
    attributes: {
      name: template.name,
      editor_type: template.editorType,
      html: template.html,
      text: template.text,
      created: new Date(template.createdMs).toISOString(),
      updated: new Date(template.updatedMs).toISOString(),
    },
    links: { self: `${api}/templates/${template.id}/` },
  };
}
