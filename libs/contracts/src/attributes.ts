import { Type, type Static } from 'typebox';

/** Properties that the attribute mapping of marketplaces.yaml gives, by the name that it gives them. */
export const AttributesSchema = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())]),
  {
    description: 'Properties from the attribute mapping',
  },
);
export type Attributes = Static<typeof AttributesSchema>;
