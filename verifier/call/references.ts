/** Objects a path holds and must give back (`acquire_reference`, `release_reference`, `check_resource_leak`). */
import type { Environment } from '../environment.ts';

/** A new reference, acquired by the instruction at `env.slot`. @returns its id */
export function acquireReference(env: Environment): number {
  const id = env.nextId();
  env.state.references = [...env.state.references, { kind: 'pointer', id, slot: env.slot, object: null }];
  return id;
}
