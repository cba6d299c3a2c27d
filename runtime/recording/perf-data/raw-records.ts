/**
 * The records of a perf.data file in file order. Compressed ones (`PERF_RECORD_COMPRESSED`) are one zstd stream over all of
 * them; the records inside come where their container stands, and may begin in one and end in the next.
 * Only a few windows of the file are in memory, and the decompressed pieces somebody still holds.
 */
import type { StreamDecompressor } from '../decompressor.ts';
import type { WarningList } from '../recording-error.ts';
import type { FileRange } from './file-header.ts';
import type { FileWindows, Memory } from './file-windows.ts';
import type { PerfRecord } from './perf-record.ts';
import { RECORD, RECORD_HEADER_SIZE } from './record-types.ts';
import { UnpackedRecords } from './unpacked-records.ts';

const SECTION = 'event data';

export interface RawRecordOptions {
  readonly windows: FileWindows;
  readonly data: FileRange;
  readonly littleEndian: boolean;
  readonly warnings: WarningList;
  /** Begins a zstd stream; undefined where there is no decompressor. */
  readonly stream: (() => StreamDecompressor) | undefined;
}

export class RawRecords implements PerfRecord {
  type = 0;
  misc = 0;
  size = 0;
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  offset = 0;
  readonly littleEndian: boolean;
  /** Of the record, or of the compressed record that it ended in. */
  filePosition = 0;
  /** Where the record lies when it was decompressed: nothing else can bring it back. */
  memory: Memory | undefined;
  readonly #options: RawRecordOptions;
  readonly #end: number;
  #position: number;
  #unpacked: UnpackedRecords | undefined;
  #isUnpacking = false;
  #hasTraces = false;

  constructor(options: RawRecordOptions) {
    this.#options = options;
    this.littleEndian = options.littleEndian;
    this.#position = options.data.offset;
    this.#end = options.data.offset + options.data.size;
  }

  /** Bytes of the data in the file. */
  get dataSize(): number {
    return this.#options.data.size;
  }

  /** Bytes of the data read so far. */
  get consumed(): number {
    return Math.min(this.#position, this.#end) - this.#options.data.offset;
  }

  /** Steps to the next record; false at the end, or where damage makes it impossible to go on. */
  next(): boolean {
    for (;;) {
      if (this.#isUnpacking) {
        if (this.#nextUnpacked()) return true;
        this.#isUnpacking = false;
      }
      if (!this.#nextInFile()) return false;
      if (this.type !== RECORD.compressed && this.type !== RECORD.compressed2) return true;
      if (!this.#unpack()) return false;
    }
  }

  #nextInFile(): boolean {
    const { windows, warnings } = this.#options;
    const at = this.#position;
    if (at >= this.#end) return this.#finish();
    this.filePosition = at;
    this.memory = undefined;
    const left = this.#end - at;
    if (left < RECORD_HEADER_SIZE || !windows.locate(at, RECORD_HEADER_SIZE)) {
      return this.#stop(at, `${left} bytes are left, less than a record's header`);
    }
    const size = windows.view.getUint16(windows.offset + 6, this.littleEndian);
    if (size < RECORD_HEADER_SIZE) return this.#stop(at, `a record of ${size} bytes`);
    if (size > left || !windows.locate(at, size)) {
      warnings.add(SECTION, at, `the last record is cut off: ${size} bytes, and ${left} are left`);
      return this.#finish();
    }
    this.#take(windows, size);
    this.#position = at + size + this.#payloadAfter(size);
    return true;
  }

  /** Some of perf's own records have data behind them that their size does not count. */
  #payloadAfter(size: number): number {
    const at = this.offset + RECORD_HEADER_SIZE;
    if (this.type === RECORD.tracingData && size >= 12) return this.view.getUint32(at, this.littleEndian);
    if (this.type !== RECORD.auxtrace || size < 16) return 0;
    this.#warnOfTraces();
    const payload = this.view.getBigUint64(at, this.littleEndian);
    return payload > BigInt(this.#end) ? this.#end : Number(payload);
  }

  #warnOfTraces(): void {
    if (this.#hasTraces) return;
    this.#hasTraces = true;
    this.#options.warnings.add(SECTION, this.filePosition, 'processor traces (AUX data) are not decoded');
  }

  #nextUnpacked(): boolean {
    const unpacked = this.#unpacked!;
    if (!unpacked.next()) return false;
    this.memory = unpacked.memory;
    this.#take(unpacked, unpacked.size);
    return true;
  }

  #take(
    from: { readonly bytes: Uint8Array; readonly view: DataView; readonly offset: number },
    size: number,
  ): void {
    this.bytes = from.bytes;
    this.view = from.view;
    this.offset = from.offset;
    this.size = size;
    this.type = from.view.getUint32(from.offset, this.littleEndian);
    this.misc = from.view.getUint16(from.offset + 4, this.littleEndian);
  }

  #unpack(): boolean {
    const { stream, data, warnings } = this.#options;
    if (stream === undefined) {
      return this.#stop(this.filePosition, 'compressed records, and no zstd decompressor is at hand');
    }
    this.#unpacked ??= new UnpackedRecords(stream(), this.littleEndian, data.size, (problem) =>
      warnings.add(SECTION, this.filePosition, problem),
    );
    this.#unpacked.feed(this.#packedBytes());
    this.#isUnpacking = true;
    return true;
  }

  #packedBytes(): Uint8Array {
    const start = this.offset + RECORD_HEADER_SIZE;
    const end = this.offset + this.size;
    if (this.type === RECORD.compressed) return this.bytes.subarray(start, end);
    // COMPRESSED2 tells its exact size, and is padded to eight bytes.
    if (this.size < RECORD_HEADER_SIZE + 8) return new Uint8Array(0);
    const size = this.view.getBigUint64(start, this.littleEndian);
    return this.bytes.subarray(start + 8, Math.min(end, start + 8 + Number(size)));
  }

  #finish(): false {
    this.#position = this.#end;
    this.#unpacked?.finish();
    this.#unpacked = undefined;
    return false;
  }

  #stop(at: number, problem: string): false {
    this.#options.warnings.add(SECTION, at, `${problem}; the records after it are not read`);
    return this.#finish();
  }
}
