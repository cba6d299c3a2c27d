import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Case } from '../../../verifier/case/case.ts';
import { type CaseEntry, readCases } from '../../../verifier/case/read.ts';
import { writeCases } from '../../../verifier/case/write.ts';

const RETURN_0 = 'b700000000000000 9500000000000000';
const ONE = { id: 'one', prog_type: 'socket_filter', insns: RETURN_0 };
const inflate = (bytes: Uint8Array, limit: number): Uint8Array =>
  new Uint8Array(inflateSync(bytes, { maxOutputLength: limit }));

function read(cases: readonly unknown[], blobs?: object): readonly CaseEntry[] {
  return readCases(JSON.stringify({ format: 'bpfcase-1', blobs, cases }), { inflate });
}

function caseOf(one: object, blobs?: object): Case {
  const [entry] = read([{ ...ONE, ...one }], blobs);
  if (entry?.kind !== 'case') throw new Error(JSON.stringify(entry));
  return entry.case;
}

describe('reading', () => {
  test('the least a case has', () => {
    const one = caseOf({});
    expect(one).toMatchObject({ id: 'one', programType: 'socket_filter', flags: 0, license: 'GPL' });
    expect(one.insns.toHex()).toBe(RETURN_0.replace(' ', ''));
  });

  test('names with and without their prefix, and numbers', () => {
    const one = caseOf({
      prog_type: 'BPF_PROG_TYPE_TRACING',
      attach_type: 'BPF_TRACE_FENTRY',
      attach_btf: { name: 'vfs_read' },
      flags: ['sleepable', 'BPF_F_ANY_ALIGNMENT'],
      maps: [
        { type: 'BPF_MAP_TYPE_HASH', key_size: 4, value_size: 8, max_entries: 1, map_extra: '0x100000000' },
        { type: 2 },
      ],
    });
    expect(one).toMatchObject({ programType: 'tracing', attachType: 'trace_fentry', flags: 0x12 });
    expect(one.attachBtf).toEqual({ name: 'vfs_read', kind: 'func' });
    expect(one.maps.map(({ type }) => type)).toEqual(['hash', 'array']);
    expect(one.maps[0]!.mapExtra).toBe(0x1_0000_0000n);
    expect(caseOf({ attach_type: 'tp_btf' }).attachType).toBe('trace_raw_tp');
    expect(caseOf({ attach_type: 24, flags: 'xdp_frags | strict_alignment' })).toMatchObject({
      attachType: 'trace_fentry',
      flags: 0x21,
    });
  });

  test('compressed instructions, and blobs that are shared', () => {
    const packed = new Uint8Array(deflateSync(Uint8Array.fromHex(RETURN_0.replace(' ', '')))).toBase64();
    expect(caseOf({ insns: undefined, insns_z: packed }).insns.length).toBe(16);
    expect(caseOf({ insns: 'code' }, { code: packed }).insns.length).toBe(16);
    const [first, second] = read(
      [
        { ...ONE, btf: 'types' },
        { ...ONE, btf: 'types' },
      ],
      { types: '9feb' },
    );
    expect(first?.kind === 'case' && second?.kind === 'case' && first.case.btf === second.case.btf).toBe(
      true,
    );
  });

  test('maps inside maps, in place and by index', () => {
    const array = { type: 'array', key_size: 4, value_size: 4, max_entries: 1 };
    const outer = { type: 'array_of_maps', key_size: 4, value_size: 4, max_entries: 1 };
    const [inPlace, byIndex] = [[{ ...outer, inner: array }], [{ ...outer, inner: 1 }, array]];
    for (const maps of [inPlace, byIndex]) expect(caseOf({ maps }).maps[0]!.inner!.type).toBe('array');
  });

  test.each([
    [{ prog_type: 'kprobes' }, 'cases[0].prog_type: there is no program type "kprobes"'],
    [{ prog_type: null }, 'cases[0].prog_type: want a text, found null'],
    [{ prog_type: 99 }, 'cases[0].prog_type: there is no program type 99'],
    [{ insns: undefined }, 'cases[0].insns: want hexadecimal digits, found nothing'],
    [{ insns: 'b7' }, 'cases[0].insns: 1 bytes are no whole number of instructions (8 bytes each)'],
    [{ insns: 'code' }, 'cases[0].insns: want hexadecimal digits, found "code"'],
    [{ insns: undefined, insns_z: 'eJw=' }, /^cases\[0\]\.insns_z: these bytes cannot be decompressed: /],
    [{ maps: {} }, 'cases[0].maps: want an array, found an object'],
    [{ maps: [{ type: 'has' }] }, 'cases[0].maps[0].type: there is no map type "has"'],
    [{ maps: [{ type: 'hash', key_size: -1 }] }, 'cases[0].maps[0].key_size: -1 is not in 0 … 4294967295'],
    [{ maps: [{ type: 'array_of_maps' }] }, 'cases[0].maps[0].inner: array_of_maps needs an inner map'],
    [{ relocs: [{ i: 0, map: 0 }] }, 'cases[0].relocs[0].map: the case has no maps'],
    [{ relocs: [{ i: 2, map: 0 }] }, 'cases[0].relocs[0].i: 2 is not in 0 … 1'],
    [{ kfuncs: [{ i: 0 }] }, 'cases[0].kfuncs[0].name: want a text, found nothing'],
    [{ flags: ['sleepy'] }, 'cases[0].flags[0]: there is no flag "sleepy"'],
    [
      { attach_btf: { name: 'f', kind: 'fun' } },
      'cases[0].attach_btf.kind: want func, typedef, struct, found "fun"',
    ],
  ])('%j is a problem of that case only', (wrong, want) => {
    const [first, second] = read([{ ...ONE, ...wrong }, ONE]);
    const text = first?.kind === 'problem' ? `${first.path}: ${first.problem}` : '';
    if (typeof want === 'string') expect(text).toBe(want);
    else expect(text).toMatch(want);
    expect(second?.kind).toBe('case');
  });

  test.each([
    ['[', /^it is not JSON/],
    ['7', 'want an object, found 7'],
    ['{"format":"bpfcase-2"}', 'format: want "bpfcase-1", found "bpfcase-2"'],
    ['{"format":"bpfcase-1","cases":{}}', 'cases: want an array, found an object'],
    ['{"format":"bpfcase-1","blobs":[],"cases":[]}', 'blobs: want an object, found an array'],
  ])('%s is no file of cases', (text, want) => {
    expect(() => readCases(text)).toThrow(want);
  });
});

test('what was written reads as it was', () => {
  const bytes = new Uint8Array(100).fill(7);
  const full: Case = {
    id: 'full/#1 all of it',
    programType: 'lsm',
    attachType: 'lsm_mac',
    attachBtf: { name: 'bpf_lsm_file_open', kind: 'func', module: 'm' },
    flags: 0x11,
    license: 'Dual BSD/GPL',
    insns: Uint8Array.fromHex('1801000000000000000000000000000085000000010000009500000000000000'),
    maps: [
      {
        type: 'array',
        keySize: 4,
        valueSize: 8,
        maxEntries: 1,
        flags: 0x80,
        data: bytes,
        frozen: true,
        name: '.rodata',
      },
      {
        type: 'hash_of_maps',
        keySize: 4,
        valueSize: 4,
        maxEntries: 3,
        flags: 0,
        mapExtra: 2n ** 63n,
        btf: { key: 1, value: 2 },
        types: bytes,
        inner: { type: 'array', keySize: 4, valueSize: 8, maxEntries: 1, flags: 0 },
      },
    ],
    mapUses: [{ slot: 0, map: 1 }],
    kfuncs: [{ slot: 2, name: 'bpf_task_acquire' }],
    ksyms: [{ slot: 0, name: 'runqueues', kind: 'btf' }],
    btf: bytes,
    functionInfo: new Uint8Array(8),
    lineInfo: new Uint8Array(16),
    runs: [{ data: new Uint8Array(14), retval: 0xffff_ffff }],
    kernel: '6.12',
    cpus: 4,
  };
  const text = writeCases([full, { ...full, id: 'again' }]);
  const [first, second] = readCases(text);
  expect(first).toEqual({ kind: 'case', case: full });
  expect(second?.kind === 'case' && second.case.btf === (first as { case: Case }).case.btf).toBe(true);
});
