/**
 * What printing needs to know beyond the bytes: clocks, names that only user space can resolve, settings.
 */
import type { OpaqueType, TimestampType } from '../../compiler/types/type.ts';
import type { ByteString } from './byte-string.ts';

export interface PrintContext {
  /** Appended to strings that fill their buffer without a NUL. */
  readonly strTruncTrailer: ByteString;
  /** Turns a stamp of the traced machine's clock into nanoseconds since the Unix epoch. */
  epochNs(stamp: bigint, clock: TimestampType['clock']): bigint;
  /** Now, as the traced machine sees it, in nanoseconds since the Unix epoch. */
  nowEpochNs(): bigint;
  /** The text of a value only user space knows, or undefined when it does not know it either. */
  resolve(kind: OpaqueType['kind'], bytes: Uint8Array): ByteString | undefined;
}
