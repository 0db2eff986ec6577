import { type Static, Type } from 'typebox';
import type { ApiRoute } from './http/route.ts';

export const DefinitionsSchema = Type.Object(
  { definitions: Type.Record(Type.String(), Type.String()) },
  { $id: 'Definitions', description: 'What each number counts, by its name in the answers, in one sentence' },
);
export type Definitions = Static<typeof DefinitionsSchema>;

export const definitionRoutes: readonly ApiRoute[] = [
  {
    id: 'readDefinitions',
    method: 'GET',
    path: '/definitions',
    summary: 'What each number counts',
    role: 'viewer',
    answer: DefinitionsSchema,
  },
];
