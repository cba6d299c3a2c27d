/** Arguments of raw tracepoints as a layout: the context is one 64-bit word each (`struct bpf_raw_tracepoint_args`). */
import { elementSizeOf } from '../../bpf/event-field-type.ts';
import type { EventField, EventFormat } from '../../bpf/event-format.ts';
import type { RawTracepointArgument } from '../../bpf/kernel-info.ts';

const WORD = 8;

export function rawFormat(event: string, args: readonly RawTracepointArgument[]): EventFormat {
  const fields = args.map((argument, index) => rawField(argument, index * WORD));
  return { id: 0, system: '', name: event, fields, size: fields.length * WORD, printFormat: '' };
}

/** Integers are the low bytes of their word; what is neither integer nor pointer is a structure nobody can read. */
function rawField({ name, type }: RawTracepointArgument, offset: number): EventField {
  const common = { name, type, elementType: type, declaration: `${type} ${name}`, offset, common: false };
  if (type.trimEnd().endsWith('*'))
    return { ...common, kind: 'pointer', size: WORD, signed: false, elementSize: 0, count: 1 };
  const size = elementSizeOf(type, { long: WORD });
  if (size === 0) return { ...common, kind: 'struct', size: WORD, signed: false, elementSize: 0, count: 1 };
  return { ...common, kind: 'integer', size, signed: isSigned(type), elementSize: size, count: 1 };
}

function isSigned(type: string): boolean {
  return !/\b(unsigned|bool|_Bool|u8|u16|u32|u64|__u\w+|uint\w+|size_t|uid_t|gid_t|dev_t|umode_t|sector_t|ino_t|gfp_t)\b/.test(
    type,
  );
}
