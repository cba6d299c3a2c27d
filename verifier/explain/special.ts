/** Changes that depend on what a register holds: one message, several mistakes. */

import type { Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';

/** `R1 invalid mem access 'scalar'`, `… 'map_value_or_null'`. */
export function changeOfAccess(number: number, register: Register): string {
  const name = `r${number}`;
  if (register.has(Flag.maybeNull)) {
    return `compare it with NULL first, on every path that leads here: \`if (${name} == 0) goto out;\`.`;
  }
  switch (register.kind) {
    case Kind.scalar:
      if (register.scalar.isConstant) return `give ${name} an address: a constant is none.`;
      return (
        `an address that was loaded or computed is a number to the verifier: read through it with bpf_probe_read_kernel ` +
        `(or _user); a field of the context or of a map value needs no cast to a number on the way.`
      );
    case Kind.mapPtr:
      return `${name} is the map itself: look an element up with bpf_map_lookup_elem and follow that.`;
    case Kind.packetEnd:
      return `${name} is the end of the packet, which is only compared with: access the packet through \`data\`.`;
    case Kind.notInit:
      return `write ${name} before.`;
    default:
      return `use the functions made for what ${name} points to.`;
  }
}

/** A helper's argument is of the wrong type. */
export function changeOfArgument(number: number, register: Register, expected: string): string {
  const name = `r${number}`;
  if (register.has(Flag.maybeNull)) return `compare ${name} with NULL before the call.`;
  if (register.kind === Kind.notInit) return `set ${name} before the call.`;
  if (/\bfp\b|mem|map_value/.test(expected) && register.kind === Kind.scalar) {
    return `pass the address of a buffer in ${name} (on the stack: \`${name} = r10; ${name} += -16\`), not a number.`;
  }
  if (expected === 'map_ptr') return `load the map into ${name} (\`&map\`).`;
  if (expected === 'ctx') return `pass the context in ${name}, unchanged: keep it in r6 at the start.`;
  if (expected === 'scalar') return `pass a number in ${name}.`;
  return `pass one of these in ${name}.`;
}
