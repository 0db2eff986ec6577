import { ApiFailure } from '../api/api-failure.ts';
import { useMe } from '../api/use-me.ts';
import { Console } from './console.tsx';
import { SignInPage } from './sign-in-page.tsx';

/** The page to sign in while nobody is; else the console, whose pages say themselves what they cannot read. */
export function Gate() {
  const { error } = useMe();
  return error instanceof ApiFailure && error.status === 401 ? <SignInPage /> : <Console />;
}
