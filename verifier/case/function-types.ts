/**
 * `func_info` of a linked program: the type of each of its functions. Objects without types get the least that the kernel
 * wants of programs with callbacks: a prototype without parameters, and a static function a name.
 */
import { BtfBuilder } from '../../bpf/btf/builder.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { LinkedFunction } from '../../bpf/link.ts';
import type { BpfFunction } from '../../bpf/object.ts';
import type { Case } from './case.ts';
import type { ObjectTypes } from './object-types.ts';

interface FunctionRecord {
  readonly slot: number;
  readonly type: TypeId;
}

/** Nothing for a program of one function without types: the kernel asks for none. */
export function functionTypes(
  linked: readonly LinkedFunction[],
  functions: readonly BpfFunction[],
  types: ObjectTypes,
): Pick<Case, 'btf' | 'functionInfo'> {
  const ids = new Map(functions.map(({ name, btfId }) => [name, btfId]));
  const own = linked.flatMap(({ name, slot }): readonly FunctionRecord[] => {
    const type = ids.get(name);
    return type === undefined ? [] : [{ slot, type }];
  });
  const cut = own.length === linked.length ? types.cut(own.map(({ type }) => type)) : undefined;
  if (cut !== undefined) {
    const records = own.map(({ slot, type }) => ({ slot, type: cut.idOf(type) }));
    return { btf: cut.bytes, functionInfo: recordBytes(records) };
  }
  return linked.length > 1 ? leastTypes(linked) : {};
}

function leastTypes(linked: readonly LinkedFunction[]): Pick<Case, 'btf' | 'functionInfo'> {
  const builder = new BtfBuilder();
  const int = builder.add({
    kind: 'int',
    name: 'int',
    size: 4,
    signed: true,
    encoding: 'plain',
    bits: 32,
    bitOffset: 0,
  });
  const prototype = builder.add({ kind: 'func_proto', returns: int, parameters: [] });
  const records = linked.map(({ name, slot }): FunctionRecord => {
    const plain = name.replace(/[^A-Za-z0-9_]/g, '_');
    return { slot, type: builder.add({ kind: 'func', name: plain, type: prototype, linkage: 'static' }) };
  });
  return { btf: builder.build().bytes(), functionInfo: recordBytes(records) };
}

/** Records of `struct bpf_func_info`. */
function recordBytes(records: readonly FunctionRecord[]): Uint8Array {
  const bytes = new Uint8Array(records.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, { slot, type }] of records.entries()) {
    view.setUint32(index * 8, slot, true);
    view.setUint32(index * 8 + 4, type, true);
  }
  return bytes;
}
