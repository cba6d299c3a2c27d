import { describe, expect, test } from 'vitest';
import { assemble } from '../../../bpf/asm/index.ts';
import { readBtf } from '../../../bpf/btf/read.ts';
import type { BpfObject, BpfProgram } from '../../../bpf/object.ts';
import type { Case } from '../../../verifier/case/case.ts';
import { type ObjectCase, objectCases } from '../../../verifier/case/from-object.ts';
import { caseInput } from '../../../verifier/case/to-input.ts';
import { verifyCase } from '../../../verifier/case/verify-case.ts';

const TEXT = `
.map counts array key=4 value=8 entries=16
.program first kprobe/do_exit
  r6 = map[counts]
  call helper
  exit
.func helper
  r0 = 0
  exit
`;

function objectOf(text: string): BpfObject {
  const { object, diagnostics } = assemble(text, 'test.s');
  expect(diagnostics).toEqual([]);
  return object!;
}

function only(cases: readonly ObjectCase[]): Case {
  expect(cases.map(({ problem }) => problem)).toEqual([undefined]);
  return cases[0]!.case!;
}

function programIn(section: string, more: Partial<BpfProgram> = {}): BpfObject {
  const object = objectOf(TEXT);
  return { ...object, programs: object.programs.map((one) => ({ ...one, section, ...more })) };
}

describe('an object of text', () => {
  test('is linked, and its maps are told by slot', () => {
    const one = only(objectCases(objectOf(TEXT)));
    expect(one.id).toBe('test.s/first');
    expect(one.insns.length).toBe(6 * 8);
    expect(one.mapUses).toEqual([{ slot: 0, map: 0 }]);
    expect(one.maps).toEqual([
      { name: 'counts', type: 'array', keySize: 4, valueSize: 8, maxEntries: 16, flags: 0 },
    ]);
  });

  test('has types of functions where there are several', () => {
    const input = caseInput(only(objectCases(objectOf(TEXT))));
    expect(input.functions).toEqual([
      { slot: 0, type: 3 },
      { slot: 4, type: 4 },
    ]);
    expect(input.btf!.type(4)).toMatchObject({ kind: 'func', name: 'helper', linkage: 'static' });
  });

  test('tells the line each slot came from', () => {
    const [{ lines }] = objectCases(objectOf(TEXT)) as [ObjectCase];
    expect(lines.map(({ slot, line, text }) => [slot, line, text.trim()])).toEqual([
      [0, 4, 'r6 = map[counts]'],
      [2, 5, 'call helper'],
      [3, 6, 'exit'],
      [4, 8, 'r0 = 0'],
      [5, 9, 'exit'],
    ]);
  });
});

describe('what a section says', () => {
  test.each([
    ['fentry/vfs_read', 'tracing', 'trace_fentry', { name: 'vfs_read', kind: 'func' }],
    ['fexit/xfs:xfs_read', 'tracing', 'trace_fexit', { name: 'xfs_read', kind: 'func', module: 'xfs' }],
    ['tp_btf/sched_switch', 'tracing', 'trace_raw_tp', { name: 'btf_trace_sched_switch', kind: 'typedef' }],
    ['iter/task', 'tracing', 'trace_iter', { name: 'bpf_iter_task', kind: 'func' }],
    ['lsm/file_open', 'lsm', 'lsm_mac', { name: 'bpf_lsm_file_open', kind: 'func' }],
    ['cgroup_skb/egress', 'cgroup_skb', 'cgroup_inet_egress', undefined],
    ['kprobe/do_exit', 'kprobe', undefined, undefined],
  ] as const)('%s', (section, type, attachType, attachBtf) => {
    const one = only(objectCases(programIn(section, { type })));
    expect([one.programType, one.attachType, one.attachBtf]).toEqual([type, attachType, attachBtf]);
  });

  test('flags', () => {
    expect(only(objectCases(programIn('xdp.frags', { type: 'xdp' }))).flags).toBe(0x20);
    expect(only(objectCases(programIn('lsm.s/file_open', { type: 'lsm', sleepable: true }))).flags).toBe(
      0x10,
    );
  });

  test('no type, and types that need more than the object', () => {
    const problems = ['unspec', 'struct_ops'].map(
      (type) => objectCases(programIn('thing', { type } as Partial<BpfProgram>))[0]!.problem,
    );
    expect(problems[0]).toBe("the section name 'thing' tells no program type");
    expect(problems[1]).toMatch(/^programs of type struct_ops are loaded with what they replace/);
  });
});

test('read-only data is frozen', () => {
  const object = objectOf(TEXT.replace('entries=16', 'entries=1'));
  const named: BpfObject = {
    ...object,
    maps: object.maps.map((map) => ({ ...map, name: '.rodata', flags: 0x80 })),
    data: new Map([['.rodata', Uint8Array.of(7)]]),
    programs: object.programs.map((one) => ({
      ...one,
      instructions: one.instructions.map((instruction) =>
        instruction.ref?.kind === 'map'
          ? { ...instruction, ref: { kind: 'map', name: '.rodata' } }
          : instruction,
      ),
    })),
  };
  expect(only(objectCases(named)).maps[0]).toMatchObject({ frozen: true, data: Uint8Array.of(7) });
});

test('types that cannot be read are no verdict', () => {
  const one = { ...only(objectCases(objectOf(TEXT))), btf: Uint8Array.of(1, 2, 3) };
  expect(() => readBtf(one.btf)).toThrow();
  expect(verifyCase(one, {})).toMatchObject({ ok: null, messages: [expect.stringMatching(/^btf: /)] });
});
