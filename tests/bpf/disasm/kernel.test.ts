/** Our kernel style beside the log a Linux 6.18 verifier wrote (tests/data/bpf/README.md). */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { assembleInstructions } from '../../../bpf/asm/index.ts';
import { decodeInstructions } from '../../../bpf/decode.ts';
import { printInstructions } from '../../../bpf/disasm/index.ts';
import { encodeInstructions } from '../../../bpf/encode.ts';
import { OPCODES } from '../../../bpf/opcodes.ts';

const [hex, ...log] = readFileSync(resolve(import.meta.dirname, '../../data/bpf/verifier-log.txt'), 'utf8')
  .trimEnd()
  .split('\n');
const bytes = Uint8Array.from(Buffer.from(hex!, 'hex'));

test('every line of the log', () => {
  const { instructions, problems } = decodeInstructions(bytes);
  expect(problems).toEqual([]);
  const ours = printInstructions(instructions).trimEnd().split('\n');
  expect(ours.map((line) => line.trimStart())).toEqual(log);
});

test('the log names nearly every instruction', () => {
  const { instructions } = decodeInstructions(bytes);
  const seen = new Set<string>(instructions.map(({ op }) => op));
  const unseen = OPCODES.filter(({ name }) => !seen.has(name)).map(({ name }) => name);
  expect(unseen).toEqual(['addr_space_cast', 'callx', 'gotox']);
});

test('the log assembles to the program', () => {
  const { instructions, diagnostics } = assembleInstructions(log.join('\n'));
  expect(diagnostics).toEqual([]);
  expect(encodeInstructions(instructions).bytes).toEqual(bytes);
});
