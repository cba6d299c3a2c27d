/**
 * Exhaustive families of small programs as cases for `compare-verifier.ts`:
 *
 *     node scripts/matrix-cases.ts NAME OUT.json
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readBtf } from '../bpf/btf/read.ts';
import { MATRICES } from '../tests/generators/matrices/index.ts';
import { writeCases } from '../verifier/case/write.ts';

const [name = '', out] = process.argv.slice(2);
const matrix = MATRICES[name];
if (matrix === undefined || out === undefined) {
  console.error(`usage: node scripts/matrix-cases.ts ${Object.keys(MATRICES).join('|')} OUT.json`);
  process.exit(2);
}
const types = '/sys/kernel/btf/vmlinux';
const btf = existsSync(types) ? readBtf(new Uint8Array(readFileSync(types))) : undefined;
const cases = [...matrix(btf)];
writeFileSync(out, writeCases(cases));
console.log(`${cases.length} programs`);
