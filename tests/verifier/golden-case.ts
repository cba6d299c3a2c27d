/**
 * Golden cases of the verifier: BPF text (bpf/asm), and what Linux 6.18 says of its first program. Options: `flags` and
 * `frozen` (a map's data are constants), as in bpfcase-1. `UPDATE_GOLDEN=1 npx vitest run --project linux
 * tests/linux/verifier.test.ts` writes down what the kernel says; ours must be the same.
 *
 *     refused at 3
 *     R0 invalid mem access 'map_value_or_null'
 */
import { readdirSync } from 'node:fs';
import { assemble } from '../../bpf/asm/index.ts';
import type { Case } from '../../verifier/case/case.ts';
import { objectCases } from '../../verifier/case/from-object.ts';
import { readCases as readBpfCases } from '../../verifier/case/read.ts';
import { casePath, type GoldenCase } from '../golden.ts';

/** Files of cases, as `goldenTests` takes them. */
export function goldenFiles(): readonly string[] {
  return readdirSync(casePath('verifier/programs'))
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => `verifier/programs/${name}`);
}

/** Throws when the text is none. */
export function goldenCase({ name, input, options }: GoldenCase): Case {
  const { object, diagnostics } = assemble(input, name);
  if (object === undefined)
    throw new Error(`${name}: ${diagnostics.map(({ message }) => message).join('; ')}`);
  const [first] = objectCases(object);
  if (first?.case === undefined) throw new Error(`${name}: ${first?.problem ?? 'no program'}`);
  return { ...first.case, id: name, flags: first.case.flags | flagsOf(options) };
}

function flagsOf({ flags = 0 }: GoldenCase['options']): number {
  const file = { format: 'bpfcase-1', cases: [{ id: 'flags', prog_type: 'xdp', insns: '', flags }] };
  const [entry] = readBpfCases(JSON.stringify(file));
  if (entry?.kind !== 'case') throw new Error(`flags ${JSON.stringify(flags)}: ${entry?.problem}`);
  return entry.case.flags;
}

interface Answer {
  readonly ok: boolean | null;
  readonly insn?: number;
  readonly messages: readonly string[];
}

/** What stands below the arrow. The kernel's log does not tell every instruction; then none is compared. */
export function answerText({ ok, insn, messages }: Answer, withPlace: boolean): string {
  if (ok === true) return 'accepted';
  const verdict = ok === null ? 'no verdict' : 'refused';
  return [withPlace && insn !== undefined ? `${verdict} at ${insn}` : verdict, ...messages].join('\n');
}
