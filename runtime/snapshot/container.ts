/**
 * A snapshot file: what one kernel has, to be asked anywhere. Gzipped as a whole; inside:
 *
 *     "bpfkit snapshot\n" · version u8 · size of header u32 · header (JSON) · parts, one behind the other
 *
 * The header says what kernel it is and names the parts with their sizes. Parts are independent, and are decoded when
 * asked for: `btf`, `btf/MODULE` (see btf-part.ts), `formats`, `functions`, `syscalls`. Unknown ones are passed over, so that
 * older readers read newer files of the same version. All numbers are little-endian.
 */
import { ByteReader } from '../../bpf/byte-reader.ts';
import { FormatError } from '../../bpf/format-error.ts';

export const SNAPSHOT_FORMAT = 'snapshot';
const MAGIC = 'bpfkit snapshot\n';
const VERSION = 1;
const MAX_HEADER = 1 << 22;
const MAX_PARTS = 10_000;

/** What the header says of the kernel. */
export interface SnapshotHeader {
  /** `uname -r`: `6.1.0-56-cloud-amd64`. */
  readonly release: string;
  /** `uname -m`: `x86_64`. */
  readonly architecture: string;
  readonly cpus?: number;
}

export interface SnapshotPart {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** In the unpacked file, for messages. */
  readonly offset: number;
}

export interface Container {
  readonly header: SnapshotHeader;
  readonly parts: ReadonlyMap<string, SnapshotPart>;
}

/** Not gzipped yet. The same parts give the same bytes. */
export function writeContainer(header: SnapshotHeader, parts: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const { release, architecture, cpus } = header;
  const sizes = [...parts].map(([name, bytes]) => ({ name, size: bytes.length }));
  const json = JSON.stringify({
    release,
    architecture,
    ...(cpus === undefined ? {} : { cpus }),
    parts: sizes,
  });
  const headerBytes = new TextEncoder().encode(`${json}\n`);
  const start = MAGIC.length + 5;
  const total = [...parts.values()].reduce((sum, part) => sum + part.length, start + headerBytes.length);
  const bytes = new Uint8Array(total);
  bytes.set(new TextEncoder().encode(MAGIC));
  bytes[MAGIC.length] = VERSION;
  new DataView(bytes.buffer).setUint32(MAGIC.length + 1, headerBytes.length, true);
  bytes.set(headerBytes, start);
  let at = start + headerBytes.length;
  for (const part of parts.values()) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Whether unpacked bytes begin as a snapshot does. */
export function isSnapshot(start: Uint8Array): boolean {
  return new TextDecoder().decode(start.subarray(0, MAGIC.length)) === MAGIC;
}

/** @throws FormatError */
export function readContainer(bytes: Uint8Array): Container {
  if (!isSnapshot(bytes)) throw new FormatError(SNAPSHOT_FORMAT, 0, 'it does not begin as a snapshot does');
  const reader = new ByteReader(bytes, true, SNAPSHOT_FORMAT);
  reader.seek(MAGIC.length, 'the version');
  const version = reader.u8('the version');
  if (version !== VERSION)
    reader.fail(`version ${version} is not known: this reads ${VERSION}`, MAGIC.length);
  const size = reader.u32('the size of the header');
  if (size > MAX_HEADER) reader.fail(`a header of ${size} bytes`);
  const at = reader.position;
  const json = parseHeader(reader.take(size, 'the header'), at);
  const parts = new Map<string, SnapshotPart>();
  for (const part of partsOf(json, at)) {
    const offset = reader.position;
    parts.set(part.name, { name: part.name, bytes: reader.take(part.size, `part ${part.name}`), offset });
  }
  return { header: headerOf(json, at), parts };
}

function parseHeader(bytes: Uint8Array, at: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    throw new FormatError(SNAPSHOT_FORMAT, at, `the header is no JSON: ${(error as Error).message}`);
  }
  throw new FormatError(SNAPSHOT_FORMAT, at, 'the header is no object');
}

function headerOf(json: Record<string, unknown>, at: number): SnapshotHeader {
  const { release, architecture, cpus } = json;
  if (typeof release !== 'string' || typeof architecture !== 'string') {
    throw new FormatError(SNAPSHOT_FORMAT, at, 'the header does not tell release and architecture');
  }
  const counted = typeof cpus === 'number' && Number.isInteger(cpus) && cpus > 0;
  return { release, architecture, ...(counted ? { cpus } : {}) };
}

function partsOf(json: Record<string, unknown>, at: number): readonly { name: string; size: number }[] {
  const { parts } = json;
  if (!Array.isArray(parts) || parts.length > MAX_PARTS) {
    throw new FormatError(SNAPSHOT_FORMAT, at, 'the header names no parts');
  }
  return parts.map((part: unknown) => {
    const { name, size } = (part ?? {}) as Record<string, unknown>;
    if (typeof name !== 'string' || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
      throw new FormatError(SNAPSHOT_FORMAT, at, 'the header has a part without name and size');
    }
    return { name, size };
  });
}
