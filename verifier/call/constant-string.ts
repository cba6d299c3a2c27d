/** Texts that a call must know: in read-only maps that nobody can change any more (`check_reg_const_str`). */
import { MapFlags } from '../../bpf/maps.ts';
import { checkHelperMemory } from '../access/helper-memory.ts';
import type { Environment } from '../environment.ts';
import type { VerifierMap } from '../map.ts';
import {
  invalidFormat,
  refusedSilently,
  stringNotConstant,
  stringNotInArray,
  stringNotReadOnly,
  stringNotTerminated,
  stringWithoutAddress,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import type { Register } from '../state/register.ts';
import { offsetOf } from './field-argument.ts';
import { isValidFormat } from './format.ts';

/** Register `number` points to a text. @throws Rejection */
export function checkConstantString(env: Environment, register: Register, number: number): void {
  const map = mapOf(register);
  if ((map.flags & MapFlags.RDONLY_PROG) === 0 || map.frozen !== true)
    throw stringNotReadOnly({ register: number });
  if (!register.scalar.isConstant) throw stringNotConstant({ register: number });
  if (map.type !== 'array') throw stringWithoutAddress({});
  checkHelperMemory(env, number, map.valueSize - register.off, {
    access: 'read',
    zeroAllowed: false,
    uninitialised: false,
  });
  if (map.maxEntries !== 1) throw stringNotInArray({});
  if (textAt(map, offsetOf(register)) === undefined) throw stringNotTerminated({});
}

function mapOf({ detail }: Register): VerifierMap {
  if (detail?.kind !== 'map') throw unsupported('a text outside of a map');
  return detail.map;
}

/** Bytes up to the terminator; undefined when there is none. A value that nobody wrote is all zeros. */
function textAt(map: VerifierMap, off: number): Uint8Array | undefined {
  const { data } = map;
  if (data === undefined || data.length <= off) return EMPTY;
  const end = data.indexOf(0, off);
  if (end >= 0) return data.subarray(off, end);
  return data.length < map.valueSize ? data.subarray(off) : undefined;
}

const EMPTY: Uint8Array = new Uint8Array(0);

/** The format of `bpf_snprintf` goes with its arguments (`check_bpf_snprintf_call`). @throws Rejection */
export function checkFormatCall(env: Environment): void {
  const format = env.register(3);
  const length = env.register(5).scalar.constantValue.toUnsignedNumber() ?? 1;
  if (length % 8 !== 0) throw refusedSilently({});
  const text = textAt(mapOf(format), offsetOf(format));
  if (text === undefined || !isValidFormat(text, length / 8)) throw invalidFormat({});
}
