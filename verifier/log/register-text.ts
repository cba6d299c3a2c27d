/** One register as the logs of 6.18 print it (`print_reg_state`): `scalar(id=2,umax=7)`, `map_value(ks=4,vs=8,off=4)`, `fp-8`. */

import type { Register } from '../state/register.ts';
import { Flag, Kind, SUM_FLAGS, typeText } from '../state/register-kind.ts';
import { signedText, unsignedText } from './number-text.ts';
import { scalarParts } from './scalar-text.ts';

/** @param frame number of the frame the register belongs to */
export function registerText(register: Register, frame: number): string {
  const { kind, flags, scalar } = register;
  const constant = scalar.bits.isConstant();
  if (kind === Kind.scalar && constant) {
    return `${register.precise ? 'P' : ''}${signedText(scalar.bits.value.toBigInt())}`;
  }
  const type = (kind === Kind.scalar && register.precise ? 'P' : '') + typeText(kind, flags);
  if (kind === Kind.arena) return type;
  if (kind === Kind.stack) {
    const where = register.extra === frame ? type : `${type}[${register.extra}]`;
    if (constant) return where + signedText(scalar.bits.value.toBigInt() + BigInt(register.off));
    return `${where}(${parts(register).join(',')})`;
  }
  return `${type}${structName(register)}(${parts(register).join(',')})`;
}

function structName({ kind, detail }: Register): string {
  return kind === Kind.btfId && detail?.kind === 'btf' ? detail.btf.nameOf(detail.type) : '';
}

function parts(register: Register): string[] {
  const { kind, flags, off, scalar, detail } = register;
  const list: string[] = [];
  if (register.id !== 0) list.push(idText(register));
  if (register.ref !== 0) list.push(`ref_obj_id=${register.ref}`);
  if ((flags & Flag.nonOwning) !== 0) list.push('non_own_ref');
  if (detail?.kind === 'map') {
    if (detail.map.name !== '') list.push(`map=${detail.map.name}`);
    list.push(`ks=${detail.map.keySize},vs=${detail.map.valueSize}`);
  }
  if (kind !== Kind.scalar && off !== 0) list.push(`off=${signedText(BigInt(off))}`);
  if (kind === Kind.packet || kind === Kind.packetMeta) {
    list.push(`r=${unsignedText(BigInt(register.extra))}`);
  }
  if (kind === Kind.mem && detail?.kind === 'mem') list.push(`sz=${unsignedText(BigInt(detail.size))}`);
  if (kind === Kind.dynptr && detail?.kind === 'dynptr') list.push(`type=${detail.type}`);
  if (!scalar.bits.isConstant()) return [...list, ...scalarParts(scalar)];
  if (!scalar.bits.value.isZero()) list.push(`imm=${signedText(scalar.bits.value.toBigInt())}`);
  return list;
}

function idText({ id, flags, off }: Register): string {
  if ((flags & SUM_FLAGS) === 0) return `id=${id}`;
  return `id=${id}${off < 0 ? '' : '+'}${off}`;
}
