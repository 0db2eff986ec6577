import { memberAt, textAt, type Json, type JsonObject } from '../../http/json.ts';
import { invalidAt, KlaviyoRefusal, type KlaviyoProblem } from '../klaviyo-errors.ts';
import type { Asked } from '../list-events.ts';
import type { AssetBook, StoredSegment } from './asset-book.ts';
import { definitionProblems } from './check-definition.ts';
import { findById, pageOf } from './page-of-assets.ts';

const writable = ['name', 'definition', 'is_starred'];

/** `GET /api/segments`: pages of at most 10. */
export function listSegments(book: AssetBook, asked: Asked): JsonObject {
  return pageOf(book.segments, asked, (segment) => renderSegment(segment, asked.api));
}

/** `GET /api/segments/:id`. Throws `KlaviyoRefusal` (404). */
export function getSegment(book: AssetBook, id: string, asked: Asked): JsonObject {
  return { data: renderSegment(findById(book.segments, id, 'segment'), asked.api) };
}

/** `POST /api/segments`. Names may repeat, as far as is known: nothing in Klaviyo's documents forbids it. */
export function createSegment(book: AssetBook, body: Json, nowMs: number, asked: Asked): JsonObject {
  const attributes = attributesOf(body);
  const name = textAt(attributes, 'name');
  const problems = [
    ...typeProblems(body),
    ...unknownProblems(attributes, writable),
    ...(name ? [] : [invalidAt('/data/attributes/name', 'A name is required.')]),
    ...definitionProblems(memberAt(attributes, 'definition')),
  ];
  if (problems.length > 0) throw new KlaviyoRefusal(400, problems);
  const segment: StoredSegment = {
    id: book.nextId(),
    name: name ?? '',
    definition: memberAt(attributes, 'definition') ?? null,
    createdMs: nowMs,
    updatedMs: nowMs,
    isStarred: memberAt(attributes, 'is_starred') === true,
    isActive: true,
  };
  book.segments.push(segment);
  return { data: renderSegment(segment, asked.api) };
}

/** `PATCH /api/segments/:id`: what is absent stays. `is_active` is not played. */
export function updateSegment(
  book: AssetBook,
  id: string,
  change: { readonly body: Json; readonly nowMs: number; readonly asked: Asked },
): JsonObject {
  const segment = findById(book.segments, id, 'segment');
  const attributes = attributesOf(change.body);
  const definition = memberAt(attributes, 'definition');
  const problems = [
    ...typeProblems(change.body),
    ...unknownProblems(attributes, writable),
    ...(textAt(change.body, 'data', 'id') === id ? [] : [invalidAt('/data/id', 'The id must be repeated.')]),
    ...(definition === undefined ? [] : definitionProblems(definition)),
  ];
  if (problems.length > 0) throw new KlaviyoRefusal(400, problems);
  segment.name = textAt(attributes, 'name') ?? segment.name;
  segment.definition = definition ?? segment.definition;
  segment.updatedMs = change.nowMs;
  return { data: renderSegment(segment, change.asked.api) };
}

function typeProblems(body: Json): readonly KlaviyoProblem[] {
  return textAt(body, 'data', 'type') === 'segment'
    ? []
    : [invalidAt('/data/type', 'The type must be segment.')];
}

function attributesOf(body: Json): Json {
  return memberAt(body, 'data', 'attributes') ?? {};
}

function unknownProblems(attributes: Json, known: readonly string[]): readonly KlaviyoProblem[] {
  return Object.keys(Object(attributes))
    .filter((name) => !known.includes(name))
    .map((name) => invalidAt(`/data/attributes/${name}`, `'${name}' is not a valid field.`));
}

function renderSegment(segment: StoredSegment, api: string): JsonObject {
  return {
    type: 'segment',
    id: segment.id,
    attributes: {
      name: segment.name,
      definition: segment.definition,
      created: new Date(segment.createdMs).toISOString(),
      updated: new Date(segment.updatedMs).toISOString(),
      is_active: segment.isActive,
      is_processing: false,
      is_starred: segment.isStarred,
    },
    links: { self: `${api}/segments/${segment.id}/` },
  };
}
