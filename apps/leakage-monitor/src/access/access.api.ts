import { type Static, Type } from 'typebox';
import { CursorField, Instant, LimitField, NextCursor, Nullable } from '../http/api-fields.ts';
import { type ApiRoute, ROLES } from '../http/route.ts';
import { SignInSchema } from './sign-in.api.ts';

export const MeSchema = Type.Object(
  {
    subject: Type.String({ description: 'As in the audit log' }),
    name: Nullable(Type.String({ description: 'As the identity provider shows it' })),
    role: Type.Enum([...ROLES]),
    signedInBy: Type.Enum(['token', 'identity_provider']),
    allowed: Type.Array(Type.String(), { description: 'operationIds that this role may call' }),
  },
  { $id: 'Me' },
);
export type Me = Static<typeof MeSchema>;

export const SignInWaysSchema = Type.Object(
  {
    token: Type.Boolean({ description: 'By the form that takes the token printed at start' }),
    identityProvider: Nullable(
      Type.String({ description: 'Where the browser is to be sent to sign in; null without a provider' }),
    ),
  },
  { $id: 'SignInWays', description: 'How one can sign in here' },
);
export type SignInWays = Static<typeof SignInWaysSchema>;

export const AuditQuerySchema = Type.Object(
  {
    actor: Type.Optional(Type.String({ maxLength: 300 })),
    action: Type.Optional(Type.String({ pattern: '^[a-z_.]+$', maxLength: 100 })),
    about: Type.Optional(
      Type.String({ maxLength: 400, description: 'Order key, exception, marketplace or buyer id' }),
    ),
    cursor: Type.Optional(CursorField),
    limit: Type.Optional(LimitField),
  },
  { additionalProperties: false },
);

export const AuditLogSchema = Type.Object(
  {
    entries: Type.Array(
      Type.Object({
        id: Type.String(),
        at: Instant('When'),
        actor: Type.String(),
        role: Type.String(),
        action: Type.String({ examples: ['contact.revealed', 'exception.accepted', 'replay.sent'] }),
        about: Nullable(Type.String()),
        why: Nullable(Type.String()),
        detail: Type.Record(Type.String(), Type.Unknown(), { description: 'Never personal data' }),
      }),
    ),
    nextCursor: NextCursor,
  },
  { $id: 'AuditLog' },
);
export type AuditLog = Static<typeof AuditLogSchema>;

export const accessRoutes: readonly ApiRoute[] = [
  {
    id: 'readSignInWays',
    method: 'GET',
    path: '/session',
    summary: 'How one can sign in here',
    role: 'anyone',
    answer: SignInWaysSchema,
  },
  {
    id: 'signIn',
    method: 'POST',
    path: '/session',
    summary: "Trade the token for the console's cookie",
    role: 'anyone',
    body: SignInSchema,
    answer: null,
    refusals: { 429: 'Too many wrong tokens; wait a minute' },
  },
  {
    id: 'startSignIn',
    method: 'GET',
    path: '/session/start',
    summary: 'For browsers: leads to the identity provider',
    role: 'anyone',
    answer: null,
    status: 303,
    refusals: { 404: 'No identity provider is set up for signing in by browser' },
  },
  {
    id: 'finishSignIn',
    method: 'GET',
    path: '/session/callback',
    summary: 'For browsers: where the identity provider leads back to; leads to the console',
    role: 'anyone',
    answer: null,
    status: 303,
    refusals: { 404: 'No identity provider is set up for signing in by browser' },
  },
  {
    id: 'signOut',
    method: 'DELETE',
    path: '/session',
    summary: 'Forget the cookie',
    role: 'viewer',
    answer: null,
  },
  {
    id: 'readMe',
    method: 'GET',
    path: '/me',
    summary: 'Who is signed in, and what that role may do',
    role: 'viewer',
    answer: MeSchema,
  },
  {
    id: 'readAuditLog',
    method: 'GET',
    path: '/audit-log',
    summary: 'Who did what, when and why, the newest first',
    role: 'operator',
    query: AuditQuerySchema,
    answer: AuditLogSchema,
  },
];
