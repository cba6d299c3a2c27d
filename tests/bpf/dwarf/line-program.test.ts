/** Line programs of the sample binaries agree with binutils' reading of them where that is at hand. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../../bpf/byte-source.ts';
import { openBinary } from '../../../bpf/elf/user/index.ts';
import { root } from '../../cli/support.ts';

const SAMPLES = ['sample-gcc-v5.so', 'sample-clang-v4.so', 'sample-cc-v5.so'] as const;

function hasObjdump(): boolean {
  try {
    execFileSync('objdump', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Addresses by file and line: rows marked as statements. */
function fromObjdump(path: string): ReadonlyMap<string, readonly string[]> {
  const text = execFileSync('objdump', ['--dwarf=decodedline', path], { encoding: 'utf8' });
  const lines = new Map<string, Set<string>>();
  for (const [, file, line, address] of text.matchAll(/^(\S+) +(\d+) +(0x[0-9a-f]+)(?: +\d+)? +x/gm)) {
    const key = `${file}:${line}`;
    lines.set(key, (lines.get(key) ?? new Set()).add(address!));
  }
  return new Map([...lines].map(([key, found]) => [key, [...found].sort()]));
}

describe.each(SAMPLES)('%s', (name) => {
  const path = join(root, 'tests/data/user', name);
  const dwarf = openBinary(memorySource(readFileSync(path))).dwarf!;

  test.skipIf(!hasObjdump())('every line that binutils tells of is where it says', () => {
    const wanted = fromObjdump(path);
    expect(wanted.size).toBeGreaterThanOrEqual(3);
    for (const [place, addresses] of wanted) {
      const [file = '', line = ''] = place.split(':');
      const found = dwarf.lineAddresses(file, Number(line)).map((address) => `0x${address.toString(16)}`);
      expect(found.toSorted(), place).toEqual(addresses);
    }
  });

  test('a file or line that is not there has none', () => {
    expect(dwarf.lineAddresses('none.c', 40)).toEqual([]);
    expect(dwarf.lineAddresses('sample.c', 100_000)).toEqual([]);
  });
});
