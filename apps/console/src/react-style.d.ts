import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Colour of a bucket, read by console.css. */
    '--bucket'?: string;
    /** How strong the colour of a cell of the aging grid is, read by console.css. */
    '--heat'?: string;
  }
}
