import { StreamableFile } from '@nestjs/common';

/** An answer that browsers save under the given name. */
export function download(bytes: Buffer, type: string, fileName: string): StreamableFile {
  return new StreamableFile(bytes, {
    type,
    disposition: `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"`,
    length: bytes.length,
  });
}
