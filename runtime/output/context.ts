/**
 * What printing needs to know beyond the bytes: clocks, names that only user space can resolve, settings.
 */
import type { OpaqueType, StackType, TimestampType } from '../../compiler/types/type.ts';
import type { ByteString } from './byte-string.ts';

/** A cgroup's path from its hierarchy's root. */
export interface CgroupPath {
  readonly hierarchy: string;
  readonly path: string;
}

export interface PrintContext {
  /** Appended to strings that fill their buffer without a NUL. */
  readonly strTruncTrailer: ByteString;
  /** Turns a stamp of the traced machine's clock into nanoseconds since the Unix epoch. */
  epochNs(stamp: bigint, clock: TimestampType['clock']): bigint;
  /** Now, as the traced machine sees it, in nanoseconds since the Unix epoch. */
  nowEpochNs(): bigint;
  /** Name of a user; undefined when the traced machine has none of that id. */
  userName(uid: number): ByteString | undefined;
  /** Paths of a cgroup by hierarchy. */
  cgroupPaths(id: bigint): readonly CgroupPath[];
  /** The text of a stack, from a newline to a newline; empty for one without frames. Set by the session: frames are in the maps it loaded. */
  stack?(type: StackType, bytes: Uint8Array): ByteString;
  /** Name of an address; undefined where nobody tells. Set by the session, as {@link stack}. */
  symbol?(kind: 'ksym' | 'usym', bytes: Uint8Array): ByteString | undefined;
  /** The text of a value only user space knows, or undefined when it does not know it either. */
  resolve(kind: OpaqueType['kind'], bytes: Uint8Array): ByteString | undefined;
}
