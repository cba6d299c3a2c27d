/** Readers of BTF and `.BTF.ext` as targets: whatever opens is read, laid out, named, joined and written whole. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Btf } from '../../bpf/btf/btf.ts';
import { BtfBuilder } from '../../bpf/btf/builder.ts';
import { findMember } from '../../bpf/btf/find-member.ts';
import { layoutOf } from '../../bpf/btf/layout.ts';
import { deduplicateBtf } from '../../bpf/btf/merge.ts';
import { readBtf } from '../../bpf/btf/read.ts';
import { readBtfExt } from '../../bpf/btf/read-ext.ts';
import { typeName } from '../../bpf/btf/type-name.ts';
import { verifyBtf } from '../../bpf/btf/verify.ts';
import { writeBtfExt } from '../../bpf/btf/write-ext.ts';
import { CORE_RELOCATION_KINDS } from '../../bpf/core/relocation.ts';
import type { BytesTarget } from './bytes.ts';

/** Types of a real kernel: `tests/data/btf`. */
function taskBtf(): Uint8Array {
  const file = new URL('../data/btf/task-6.1.btf.gz', import.meta.url);
  return new Uint8Array(gunzipSync(readFileSync(file)));
}

/** Every kind there is, in few bytes: most of them are structure, so that mutations hit it. */
export function everyKind(): BtfBuilder {
  const builder = new BtfBuilder();
  const int = builder.addInt('int', 4, { signed: true });
  const bool = builder.addInt('_Bool', 1, { encoding: 'bool' });
  const double = builder.addFloat('double', 8);
  const list = builder.reserve();
  const pointer = builder.addPointer(builder.addConst(builder.addVolatile(list)));
  const union = builder.addUnion('', 8, [
    { name: 'd', type: double, bitOffset: 0 },
    { name: 'a', type: builder.addArray(int, int, 2), bitOffset: 0 },
  ]);
  const member = (name: string, type: number, bitOffset: number, bitSize = 0) => ({
    name,
    type,
    bitOffset,
    bitSize,
  });
  const members = [
    member('next', builder.addRestrict(pointer), 0),
    member('', union, 64),
    member('a', int, 128, 3),
    member('b', int, 131, 9),
    member('ok', bool, 160),
  ];
  builder.define(list, { kind: 'struct', name: 'list', size: 24, members });
  builder.addEnum('color', [{ name: 'RED', value: -1n }], 4, true);
  builder.addEnum('wide', [{ name: 'WIDE', value: 2n ** 40n }], 8);
  const typedef = builder.addTypedef('list_t', list);
  const tagged = builder.addPointer(builder.addTypeTag('rcu', builder.addForward('other', 'union')));
  const proto = builder.addPrototype(int, [
    { name: 'list', type: builder.addPointer(typedef) },
    { name: 'other', type: tagged },
    { name: '', type: 0 },
  ]);
  builder.addDeclTag('hot', builder.addFunction('walk', proto, 'global'), 0);
  const variable = builder.addVariable('head', list, 'static');
  builder.addDataSection('.bss', 24, [{ type: variable, offset: 0, size: 24 }]);
  return builder;
}

export function btfTarget(): BytesTarget {
  const small = [everyKind().build().bytes(), everyKind().build({ littleEndian: false }).bytes()];
  const read = (bytes: Uint8Array): 'whole' => {
    const btf = readBtf(bytes);
    try {
      return readAll(btf);
    } catch (error) {
      // What opened must be whole: no FormatError may come later.
      throw new Error(`opened, and then: ${error}`, { cause: error });
    }
  };
  return { files: [...small, taskBtf(), ...small], read };
}

/** All that can be asked of a table. */
function readAll(btf: Btf): 'whole' {
  for (let id = 1; id < btf.end; id++) {
    const type = btf.type(id);
    const name = btf.nameOf(id);
    if (name !== '' && !btf.findAll(name).includes(id)) throw new Error(`type ${id}, ${name}, is not found`);
    typeName(btf, id, 'x');
    if (type.kind !== 'struct' && type.kind !== 'union') continue;
    layoutOf(btf, id);
    for (const member of type.members.slice(0, 20)) findMember(btf, id, `${member.name}[1].next`);
  }
  verifyBtf(btf);
  const again = deduplicateBtf(btf).btf;
  const copy = BtfBuilder.from(again).build({ littleEndian: !btf.littleEndian });
  for (let id = 1; id < copy.end; id++) {
    if (copy.nameOf(id) !== again.nameOf(id)) throw new Error(`type ${id} was ${again.nameOf(id)}`);
  }
  return 'whole';
}

export function btfExtTarget(): BytesTarget {
  const strings = everyKind();
  const files = [true, false].map((littleEndian) => extBytes(strings, littleEndian));
  const btf = strings.build();
  const read = (bytes: Uint8Array): 'whole' => {
    const ext = readBtfExt(bytes, btf);
    const text = everyKind();
    readBtfExt(writeBtfExt(ext, { strings: text }), text.build());
    return 'whole';
  };
  return { files, read };
}

function extBytes(strings: BtfBuilder, littleEndian: boolean): Uint8Array {
  const sections = ['.text', 'tracepoint/sched/sched_switch', 'xdp'];
  const many = <T>(record: (index: number) => T): T[] =>
    Array.from({ length: 30 }, (_, index) => record(index));
  return writeBtfExt(
    {
      functions: sections.map((section) => ({ section, records: [{ offset: 0, type: 1 }] })),
      lines: sections.map((section) => ({
        section,
        records: many((index) => ({
          offset: index * 8,
          file: 'walk.c',
          text: `line ${index % 7};`,
          line: index,
          column: 5,
        })),
      })),
      relocations: sections.map((section) => ({
        section,
        records: many((index) => ({
          offset: index * 8,
          kind: CORE_RELOCATION_KINDS[index % CORE_RELOCATION_KINDS.length]!,
          type: index % 9,
          access: `0:${index}`,
        })),
      })),
    },
    { strings, littleEndian },
  );
}
