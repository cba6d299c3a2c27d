/** Prototypes of the script's functions in its object file (2.2). */
import { expect, test } from 'vitest';
import { rawText } from '../../../bpf/btf/dump/index.ts';
import { typeName } from '../../../bpf/btf/type-name.ts';
import { readScriptFile, writeScriptFile } from '../../../compiler/object/script-file.ts';
import { compileText } from '../support.ts';

test('functions are described with their parameters', () => {
  const { object, info, origin, diagnostics } = compileText(`
    fn add($a : int32, $b : uint64) : int64 { return (int64)$a + (int64)$b; }
    fn label($n : int64, $text : string[16]) : string[32] { let $s : string[128] = $text; @s = $s; return $text; }
    fn many($a : int8, $b : int8, $c : int8, $d : int8) : void { @n += $a + $b + $c + $d; }
    begin { print(add(1, 2)); print(label(1, "x")); many(1, 2, 3, 4); }`);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { object: read } = readScriptFile(writeScriptFile(object!, info!, origin!), 'x.o');
  const btf = read.btf!;
  const described = read.functions.map(({ name, btfId }) => {
    const fn = btf.type(btfId!);
    if (fn.kind !== 'func') throw new Error(rawText(btf, btfId!));
    const prototype = btf.type(fn.type);
    if (prototype.kind !== 'func_proto') throw new Error(rawText(btf, fn.type));
    const parameters = prototype.parameters.map((one) => `${typeName(btf, one.type)} ${one.name}`);
    return `${typeName(btf, prototype.returns)} ${name}(${parameters.join(', ')})`;
  });
  expect(described.sort()).toEqual([
    'long add(int a, unsigned long b)',
    'long label(long n, char (*)[16] text, char (*)[32] result, void * ctx, void * scratch)',
    'long many(void * arguments)',
  ]);
});
