/** Lays values out as a record of an event: fixed fields in place, dynamic data behind them. */
import type { EventField, EventFormat } from '../../event-format.ts';
import { isDynamic } from '../record.ts';
import { ALL_BITS, type FieldValues } from './field-values.ts';

/** A ring buffer page holds no larger record. */
const CAPACITY = 65_536;
/** `__data_loc` counts offsets and lengths in 16 bits. */
const MAX_DATA = 0xffff;

export class RecordBuilder implements FieldValues {
  readonly bytes: Uint8Array = new Uint8Array(CAPACITY);
  readonly view: DataView = new DataView(this.bytes.buffer);
  /** Bytes of the record so far. */
  length = 0;
  private readonly littleEndian: boolean;

  constructor(littleEndian: boolean) {
    this.littleEndian = littleEndian;
  }

  /** Begins a record of zeros. */
  begin(format: EventFormat): void {
    const size = Math.min((format.size + 3) & ~3, CAPACITY);
    this.bytes.fill(0, 0, Math.max(size, this.length));
    this.length = size;
  }

  common(id: number, flags: number, preemptCount: number, tid: number): void {
    if (this.length < 8) this.length = 8;
    this.view.setUint16(0, id & 0xffff, this.littleEndian);
    this.bytes[2] = flags;
    this.bytes[3] = preemptCount;
    this.view.setInt32(4, tid, this.littleEndian);
  }

  number(field: EventField, index: number, value: bigint, mask: bigint): void {
    const size = field.kind === 'array' ? field.elementSize : field.size;
    const at = field.offset + index * size;
    if (isDynamic(field) || index >= Math.max(1, field.count) || at + size > this.length) return;
    const { view, littleEndian } = this;
    switch (size) {
      case 1:
        view.setUint8(at, Number(mix(BigInt(view.getUint8(at)), value, mask) & 0xffn));
        return;
      case 2:
        view.setUint16(
          at,
          Number(mix(BigInt(view.getUint16(at, littleEndian)), value, mask) & 0xffffn),
          littleEndian,
        );
        return;
      case 4:
        view.setUint32(
          at,
          Number(mix(BigInt(view.getUint32(at, littleEndian)), value, mask) & 0xffff_ffffn),
          littleEndian,
        );
        return;
      case 8:
        view.setBigUint64(at, mix(view.getBigUint64(at, littleEndian), value, mask), littleEndian);
        return;
      default:
        return;
    }
  }

  nonZero(field: EventField): void {
    for (let at = field.offset; at < field.offset + field.size; at++) if (this.bytes[at] !== 0) return;
    this.number(field, 0, 1n, ALL_BITS);
  }

  data(field: EventField, bytes: Uint8Array): void {
    if (isDynamic(field)) {
      this.append(field, bytes);
      return;
    }
    if (field.kind === 'integer' || field.kind === 'pointer') return;
    if (field.size === 0) {
      this.place(field.offset, bytes, 1);
      return;
    }
    const room = field.kind === 'string' ? field.size - 1 : field.size;
    this.bytes.set(bytes.subarray(0, room), field.offset);
  }

  private append(field: EventField, bytes: Uint8Array): void {
    const start = this.length;
    const terminator = field.kind.endsWith('string') ? 1 : 0;
    const data = bytes.subarray(0, MAX_DATA - 1);
    const origin = field.kind.startsWith('relative-') ? field.offset + field.size : 0;
    if (start + data.length + terminator > CAPACITY || start - origin > MAX_DATA) return;
    this.place(start, data, terminator);
    const word = ((data.length + terminator) << 16) | (start - origin);
    this.view.setUint32(field.offset, word >>> 0, this.littleEndian);
  }

  private place(start: number, bytes: Uint8Array, terminator: number): void {
    const room = Math.max(0, CAPACITY - start - terminator);
    const data = bytes.subarray(0, room);
    const end = (start + data.length + terminator + 3) & ~3;
    this.bytes.fill(0, start, Math.min(end, CAPACITY));
    this.bytes.set(data, start);
    this.length = Math.max(this.length, Math.min(end, CAPACITY));
  }
}

function mix(before: bigint, value: bigint, mask: bigint): bigint {
  return (before & ~mask & ALL_BITS) | (value & mask);
}
