import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Colour of a bucket, read by console.css. */
    '--bucket'?: string;
  }
}
