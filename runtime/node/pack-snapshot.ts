/** gzip for files that are made once and read often: as small as it gets, and the same bytes for the same content. */
import { gzipSync } from 'node:zlib';

/** Byte of a gzip header that names the system it was made on (RFC 1952, 2.3.1): 255 is unknown. */
const SYSTEM = 9;

export function packSnapshot(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: 9, memLevel: 9 });
  packed[SYSTEM] = 255;
  return packed;
}
