/** Objects of clang relocated for two kernels: the same instructions that libbpf made of them (`tests/data/core`). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBtf } from '../../../bpf/btf/read.ts';
import { relocateCore } from '../../../bpf/core/relocate.ts';
import { CORE_RELOCATION_KINDS } from '../../../bpf/core/relocation.ts';
import { readObject } from '../../../bpf/elf/object/index.ts';
import { encodeInstructions } from '../../../bpf/encode.ts';
import { linkProgram } from '../../../bpf/link.ts';

const data = (name: string): Uint8Array => readFileSync(new URL(`../../data/core/${name}`, import.meta.url));

/** `# fields.o in 6.1`, then `program: hexadecimal instructions`. */
const expected = new TextDecoder()
  .decode(data('instructions.txt'))
  .split(/^# /m)
  .slice(1)
  .map((block) => {
    const [head = '', ...lines] = block.trim().split('\n');
    const [object = '', kernel = ''] = head.split(' in ');
    return { object, kernel, programs: new Map(lines.map((line) => line.split(': ') as [string, string])) };
  });

describe('instructions after relocation', () => {
  test.each(expected)('$object in $kernel', ({ object: name, kernel, programs }) => {
    const target = { kernel: readBtf(data(`${kernel}.btf`)), name: kernel };
    const { object, problems } = relocateCore(readObject(data(name), name).object, target);
    expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
    const ours = object.programs.map((program) => {
      const { instructions } = linkProgram(program, object.functions);
      return [program.name, Buffer.from(encodeInstructions(instructions).bytes).toString('hex')];
    });
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(programs));
  });

  test('every kind of relocation was among them', () => {
    const objects = [...new Set(expected.map((one) => one.object))].map(
      (name) => readObject(data(name), name).object,
    );
    const kinds = objects.flatMap(({ programs }) =>
      programs.flatMap(({ instructions }) => instructions.flatMap(({ core }) => core?.kind ?? [])),
    );
    const absent = CORE_RELOCATION_KINDS.filter((kind) => !kinds.includes(kind));
    // Its value is an id in all of the kernel's types, which these two are not.
    expect(absent).toEqual(['type_id_target']);
  });

  test('what existence guards is told apart from what would fail', () => {
    const { object } = readObject(data('fields.o'), 'fields.o');
    const { relocations, problems } = relocateCore(object, { kernel: readBtf(data('6.1.btf')), name: '6.1' });
    const poisoned = relocations.filter((one) => one.outcome === 'poisoned');
    expect(poisoned.map((one) => [one.function, one.guarded])).toEqual([
      ['flavours', true],
      ['missing', false],
      ['missing', false],
      ['resized', false],
      ['flexible', true],
    ]);
    expect(problems.map((problem) => problem.message)).toEqual([
      'relocation would fail at run time: struct no_such_struct is not in 6.1; guard it with bpf_core_field_exists',
      'relocation would fail at run time: field no_such_field of struct task_struct___gone is not in 6.1; ' +
        'guard it with bpf_core_field_exists',
      'relocation would fail at run time: field prio of struct task_struct___sign is 8 bytes in the object, but 4 bytes ' +
        'in 6.1, and only pointers and unsigned integers may differ; read it with bpf_core_read and bpf_core_field_size',
    ]);
  });
});
