/** Types of DWARF as C writes them. */
import { describe, expect, it } from 'vitest';
import { cText } from '../../../bpf/dwarf/c-text.ts';
import type { DwarfModifier, DwarfPointer, DwarfType, DwarfTypeId } from '../../../bpf/dwarf/type.ts';

const types: DwarfType[] = [{ kind: 'void' }];
const lookup = { type: (id: DwarfTypeId): DwarfType => types[id]! };

function add(type: DwarfType): DwarfTypeId {
  return types.push(type) - 1;
}

function pointer(type: DwarfTypeId, kind: DwarfPointer['kind'] = 'pointer'): DwarfTypeId {
  return add({ kind, size: 8, type });
}

/** The first qualifier is the outermost. */
function qualified(type: DwarfTypeId, ...kinds: readonly DwarfModifier['kind'][]): DwarfTypeId {
  return kinds.reduceRight((inner, kind) => add({ kind, type: inner }), type);
}

function function_(returns: DwarfTypeId, ...parameters: readonly DwarfTypeId[]): DwarfTypeId {
  return add({
    kind: 'function',
    returns,
    parameters: parameters.map((type) => ({ name: '', type })),
    variadic: false,
  });
}

function array(element: DwarfTypeId, ...counts: readonly (number | undefined)[]): DwarfTypeId {
  return add({ kind: 'array', element, counts });
}

const int = add({ kind: 'base', name: 'int', size: 4, encoding: 'signed', character: false });
const char = add({ kind: 'base', name: 'char', size: 1, encoding: 'signed', character: true });
const task = add({ kind: 'struct', name: 'task', size: 8, members: [] });

describe('cText', () => {
  it.each<[string, DwarfTypeId]>([
    ['const volatile struct task x', qualified(task, 'const', 'volatile')],
    ['char *const volatile x', qualified(pointer(char), 'const', 'volatile')],
    [
      'void *const volatile *const x',
      qualified(pointer(qualified(pointer(0), 'const', 'volatile')), 'const'),
    ],
    ['char *const restrict _Atomic x', qualified(pointer(char), 'const', 'restrict', 'atomic')],
    ['int (*const *x)(void)', pointer(qualified(pointer(function_(int)), 'const'))],
    ['const int (*x)[3]', pointer(qualified(array(int, 3), 'const'))],
    ['int (*(*x)(int))[4]', pointer(function_(pointer(array(int, 4)), int))],
    ['char *x[2][]', array(pointer(char), 2, undefined)],
    ['char (&x)[8]', pointer(array(char, 8), 'reference')],
    ['struct task &&x', pointer(task, 'rvalue reference')],
    ['void (*x)(int)', pointer(qualified(function_(0, int), 'volatile'))],
    ['enum {...} x', add({ kind: 'enum', name: '', size: 4, values: [] })],
    ['? x', add({ kind: 'unknown', name: '', size: undefined, reason: '' })],
  ])('%s', (text, id) => {
    expect(cText(lookup, id, 'x')).toBe(text);
  });
});
