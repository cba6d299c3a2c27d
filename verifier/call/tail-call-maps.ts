/** Tail calls of programs without privileges go through one map each: its size is compiled into the call as a mask. */
import type { Environment } from '../environment.ts';
import type { VerifierMap } from '../map.ts';
import { tailCallMapsDiffer } from '../messages.gen.ts';

/** The map of the tail call at `env.slot` on this path (`record_func_map`). */
export function noteTailCallMap(env: Environment, map: VerifierMap): void {
  const aux = env.aux[env.slot]!;
  if (aux.tailCallMap === null) aux.tailCallMap = map;
  else if (aux.tailCallMap !== map) aux.tailCallMapsDiffer = true;
}

/** After all paths (`bpf_map_ptr_poisoned`). @throws Rejection */
export function checkTailCallMaps(env: Environment): void {
  if (env.privileged) return;
  for (const { tailCallMapsDiffer: differ } of env.aux) if (differ) throw tailCallMapsDiffer({});
}
