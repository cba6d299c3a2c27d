/**
 * Objects whose types, relocations or kernel make no sense: each relocation is patched, poisoned or told as a problem;
 * nothing is thrown but for types that cannot be opened at all.
 */
import { readFileSync } from 'node:fs';
import type { Btf } from '../../bpf/btf/btf.ts';
import { readBtf } from '../../bpf/btf/read.ts';
import { relocateCore } from '../../bpf/core/relocate.ts';
import { CORE_RELOCATION_KINDS, type CoreRelocation } from '../../bpf/core/relocation.ts';
import { readObject } from '../../bpf/elf/object/index.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { type BytesTarget, seededRandom } from './bytes.ts';

const data = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../data/core/${name}`, import.meta.url)));

/** Mutates types; they are then those of an object, and those of its kernel. */
export function coreTarget(): BytesTarget {
  const kernel = readBtf(data('6.1.btf'));
  const objects = ['fields', 'aspects', 'kinds', 'matches'].map(
    (name) => readObject(data(`${name}.o`), name).object,
  );
  return {
    files: [...objects.map(({ btf }) => btf!.bytes()), kernel.bytes()],
    read: (bytes) => {
      const btf = readBtf(bytes);
      const random = seededRandom(bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 7));
      const object = objects[random() % objects.length]!;
      relocate(damaged({ ...object, btf }, random), kernel);
      const failed = relocate({ ...object, btf }, kernel) + relocate(object, btf);
      return failed > 0 ? 'partial' : 'whole';
    },
  };
}

/** How many failed. @throws Error when one is neither applied nor told */
function relocate(object: BpfObject, kernel: Btf): number {
  const { relocations, problems, object: result } = relocateCore(object, kernel);
  const failed = relocations.filter(({ outcome }) => outcome === 'failed').length;
  const told = problems.filter(({ severity }) => severity === 'error').length;
  if (relocations.length !== waiting(object) || failed !== told || failed !== waiting(result)) {
    throw new Error(
      `${waiting(object)} relocations: ${relocations.length} applied, ${failed} failed, ${told} told`,
    );
  }
  return failed;
}

function waiting({ programs, functions }: BpfObject): number {
  return [...programs, ...functions].flatMap((one) =>
    one.instructions.filter(({ core }) => core !== undefined),
  ).length;
}

function damaged(object: BpfObject, random: () => number): BpfObject {
  const programs = object.programs.map((program) => ({
    ...program,
    instructions: program.instructions.map(
      (one): Instruction =>
        one.core === undefined || random() % 4 > 0
          ? one
          : { ...one, core: damagedRelocation(one.core, random) },
    ),
  }));
  return { ...object, programs };
}

function damagedRelocation(core: CoreRelocation, random: () => number): CoreRelocation {
  switch (random() % 4) {
    case 0:
      return { ...core, kind: CORE_RELOCATION_KINDS[random() % CORE_RELOCATION_KINDS.length]! };
    case 1:
      return { ...core, type: random() % 3 === 0 ? random() : random() % 200 };
    case 2:
      return { ...core, access: `${core.access}:${random() % 5}` };
    default:
      return {
        ...core,
        access: ['', ':', '-1', '0:4294967296', '2147483647', '0:0:0:0', '1'][random() % 7]!,
      };
  }
}
