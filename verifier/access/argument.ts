/** A word of a context that holds the arguments of a kernel function. */
import type { TypeId } from '../../bpf/btf/type.ts';
import type { Environment } from '../environment.ts';
import { contextAccess } from '../messages.gen.ts';

export interface Argument {
  /** From 0; of the result the number of arguments. */
  readonly index: number;
  readonly off: number;
  readonly size: number;
  readonly type: TypeId;
  /** The parameter's name in the kernel, which may carry a suffix. */
  readonly name: string;
}

/** Says why, then that the access is invalid. @throws Rejection */
export function refuse(env: Environment, off: number, size: number, line: string): never {
  env.remark(line);
  throw contextAccess({ off, size, program: env.type.name, verb: 'read' });
}
