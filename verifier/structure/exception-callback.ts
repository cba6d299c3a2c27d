/** The function that runs when the program throws, named by a tag of its main function (`bpf_find_exception_callback_insn_off`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { Environment } from '../environment.ts';
import {
  exceptionCallbackNotFound,
  exceptionCallbackNotGlobal,
  exceptionCallbackWithoutInfo,
  manyExceptionCallbacks,
} from '../messages.gen.ts';
import { declarationTags } from './declaration-tags.ts';

const PREFIX = 'exception_callback:';

/** Its first slot; 0: the program has none. @throws Rejection */
export function findExceptionCallback(env: Environment): number {
  const { functions, btf } = env.input;
  if (functions === undefined || functions.length === 0 || btf === undefined || !env.supports('exceptions'))
    return 0;
  const name = exceptionCallbackName(btf, functions[0]!.type);
  if (name === undefined) return 0;
  const id = btf.find(name, 'func');
  if (id === undefined) throw exceptionCallbackNotFound({ name });
  const type = btf.type(id);
  if (type.kind !== 'func' || type.linkage !== 'global') throw exceptionCallbackNotGlobal({ name });
  const found = functions.findLast(({ type: own }) => own === id);
  if (found === undefined || found.slot === 0) throw exceptionCallbackWithoutInfo({});
  return found.slot;
}

function exceptionCallbackName(btf: Btf, main: TypeId): string | undefined {
  const tags = declarationTags(btf, main, -1).filter((tag) => tag.startsWith(PREFIX));
  if (tags.length > 1) throw manyExceptionCallbacks({});
  return tags[0]?.slice(PREFIX.length);
}
