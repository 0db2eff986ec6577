import { Type } from 'typebox';

export const SignInSchema = Type.Object(
  {
    token: Type.String({ minLength: 1, maxLength: 500, description: 'The token that was printed at start' }),
  },
  { additionalProperties: false },
);
