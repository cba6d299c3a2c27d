/** Our standard library (2.11): the module is of the texts, and costs nothing where it is not used. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findEntry } from '../../../compiler/library/index.ts';
import { STDLIB_MACROS } from '../../../compiler/stdlib/stdlib.gen.ts';
import { generateStdlib, macrosOf } from '../../../scripts/stdlib.ts';
import { compileText } from '../support.ts';

const MODULE = join(import.meta.dirname, '../../../compiler/stdlib/stdlib.gen.ts');

describe('the standard library', () => {
  test('is generated of its texts (npx node scripts/stdlib.ts)', () => {
    expect(readFileSync(MODULE, 'utf8')).toBe(generateStdlib());
  });

  test('has no macro that is a function of the library', () => {
    expect(STDLIB_MACROS.filter(({ name }) => findEntry(name) !== undefined)).toEqual([]);
  });

  test('every macro is documented, and nothing else stands in a text', () => {
    const text = '// What it is,\n// at length.\nmacro two(a, $b) { a }\n';
    expect(macrosOf({ name: 'x', text })).toEqual([
      { name: 'two', file: 'x', signature: 'two(a, $b)', doc: 'What it is,\nat length.' },
    ]);
    expect(() => macrosOf({ name: 'x', text: '// far\n\nmacro two() { 1 }' })).toThrow(/no comment/);
    expect(() => macrosOf({ name: 'x', text: '// a\nend { }' })).toThrow(/only macros/);
  });

  test('is not parsed before one of its macros is named', () => {
    const names = (text: string): string[] => compileText(text).sources.map(({ name }) => name);
    expect(names('begin { print(1); }')).toEqual(['stdin']);
    expect(names('import "units"; import "net"; begin { print(1); }')).toEqual(['stdin']);
    const all = 'import "units"; import "net"; begin { print(ns_to_us(5000)); }';
    expect(names(all)).toEqual(['stdin', 'stdlib/units.bt']);
  });

  test('has nothing in scripts that do not import it, which are told where it is', () => {
    const { diagnostics } = compileText('begin { print(ns_to_us(5)); }');
    expect(diagnostics.map(({ message }) => message)).toEqual(["Unknown function: 'ns_to_us'"]);
    expect(diagnostics[0]?.hints).toEqual(['import "units"; brings it']);
  });

  test('names that are nearly right', () => {
    const part = compileText('import "unit"; begin { }').diagnostics[0];
    expect(part?.hints).toContain("did you mean 'units'?");
    const macro = compileText('import "units"; begin { print(ns_to_uss(5)); }').diagnostics[0];
    expect(macro?.hints).toContain("did you mean 'ns_to_us'?");
  });

  test('a mistake shows the use, then the place in the library', () => {
    const { diagnostics, sources } = compileText('import "units"; begin { print(ns_to_us("text")); }');
    const { span } = diagnostics[0]!;
    expect(sources[span!.source]!.name).toBe('stdin');
  });
});
