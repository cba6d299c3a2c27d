import { describe, expect, it } from 'vitest';
import type { Dwarf, DwarfType, DwarfTypeId } from '../../../bpf/dwarf/index.ts';
import { openSample } from '../elf/user/files.ts';

function dwarfOf(name: string): Dwarf {
  const { dwarf } = openSample(name);
  if (dwarf === undefined) throw new Error(`${name} has no debugging information`);
  return dwarf;
}

function prototype(dwarf: Dwarf, name: string): string | undefined {
  const signature = dwarf.functionSignature(name);
  if (signature === undefined) return undefined;
  const parameters = signature.parameters.map((one) => dwarf.text(one.type, one.name));
  if (signature.variadic) parameters.push('...');
  return dwarf.text(signature.returns, `${signature.name}(${parameters.join(', ')})`);
}

/** Through names and qualifiers. */
function target(dwarf: Dwarf, id: DwarfTypeId): DwarfType {
  const type = dwarf.type(id);
  return 'type' in type ? target(dwarf, type.type) : type;
}

describe.each(['sample-gcc-v5.so', 'sample-clang-v4.so'])('Dwarf of %s', (name) => {
  const dwarf = dwarfOf(name);

  it.each([
    ['hidden', 'int hidden(const struct node *node, enum color color)'],
    ['walk', 'int walk(struct node *head, word limit, int (*visit)(void *, int), ...)'],
    ['loop', 'void loop()'],
    [
      'move',
      'move(struct point from, volatile struct point *const to, int (*matrix)[3], _Bool fast, double *restrict factor)',
    ],
  ])('tells the prototype of %s', (function_, wanted) => {
    expect(prototype(dwarf, function_)).toContain(wanted);
  });

  it('tells where functions are, in the file and in the source', () => {
    const symbols = openSample(name).functions;
    const walk = dwarf.functionSignature('walk');
    expect(walk).toMatchObject({ code: 'own', external: true, file: expect.stringMatching(/sample\.c$/) });
    expect(walk?.address).toBe(symbols.named('walk')[0]?.address);
    expect(dwarf.functionSignature('hidden')?.external).toBe(false);
  });

  it('lays out structs with bitfields, unions and arrays', () => {
    const [head] = dwarf.functionSignature('walk')?.parameters ?? [];
    const node = target(dwarf, head?.type ?? 0);
    if (node.kind !== 'struct') throw new Error(`a ${node.kind}`);
    expect(node.size).toBe(40);
    const members = node.members.map((one) => ({
      text: dwarf.text(one.type, one.name),
      at: one.bitOffset,
      bits: one.bitSize,
    }));
    expect(members).toEqual([
      { text: 'struct node *next', at: 0, bits: 0 },
      { text: 'const char *name', at: 64, bits: 0 },
      { text: 'unsigned int kind', at: 128, bits: 3 },
      { text: 'unsigned int flags', at: 131, bits: 7 },
      { text: 'union {...}', at: 160, bits: 0 },
      { text: 'char text[16]', at: 192, bits: 0 },
    ]);
    const union = dwarf.type(node.members[4]?.type ?? 0);
    expect(union).toMatchObject({ kind: 'union', size: 4, members: [{ name: 'number' }, { name: 'real' }] });
  });

  it('tells enumerators, negative ones too', () => {
    const color = dwarf.functionSignature('hidden')?.parameters[1];
    expect(dwarf.type(color?.type ?? 0)).toEqual({
      kind: 'enum',
      name: 'color',
      size: 4,
      values: [
        { name: 'RED', value: 0n },
        { name: 'GREEN', value: 5n },
        { name: 'BLUE', value: -1n },
      ],
    });
  });

  it('does not know what is not there', () => {
    expect(dwarf.functionSignature('alk')).toBeUndefined();
    expect(dwarf.functionSignature('')).toBeUndefined();
    expect(dwarf.problems).toEqual([]);
    expect(dwarf.splitFiles).toEqual([]);
  });
});

describe('Dwarf', () => {
  it('tells functions that are only inlined', () => {
    const twice = dwarfOf('sample-gcc-v5.so').functionSignature('twice');
    expect(twice).toMatchObject({ code: 'inlined', address: undefined, returnText: 'word', line: 34 });
  });

  it.each(['sample-cc-v5.so', 'sample-cc-types-gz.so'])('reads C++ of %s', (name) => {
    const dwarf = dwarfOf(name);
    expect(prototype(dwarf, 'price')).toMatch(
      /^int price\(const (class )?Item \*(const )?this, bool taxed\)$/,
    );
    const signature = dwarf.functionSignature('_ZNK4shop4Item5priceEb');
    expect(signature).toEqual(dwarf.functionSignature('price'));
    expect(signature).toMatchObject({ linkageName: '_ZNK4shop4Item5priceEb', code: 'own', line: 16 });
    expect(prototype(dwarf, 'total')).toMatch(
      /^long( int)? total\(const struct Book &book, class Item &&item, unsigned char \(&bytes\)\[8\]\)$/,
    );
    const book = target(dwarf, dwarf.functionSignature('total')?.parameters[0]?.type ?? 0);
    expect(book).toMatchObject({
      kind: 'struct',
      name: 'Book',
      size: 16,
      members: [
        { name: '', bitOffset: 0 },
        { name: 'title', bitOffset: 64 },
      ],
    });
  });
});
