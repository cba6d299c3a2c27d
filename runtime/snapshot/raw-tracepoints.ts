/**
 * Raw tracepoints and their arguments as a kernel's types tell them: each has a typedef `btf_trace_NAME` of a pointer to
 * its handlers' prototype (kernel `__DEFINE_TRACE_EXT`, `DECLARE_TRACE`), and mostly a function `__traceiter_NAME` with the
 * names of the parameters. The first parameter is the handler's own data.
 */
import { type Btf, type BtfPrototype, typeName } from '../../bpf/btf/index.ts';
import type { RawTracepointArgument, RawTracepointCatalog } from '../../bpf/kernel-info.ts';

const TYPEDEF = 'btf_trace_';
const FUNCTION = '__traceiter_';

/** `tables`: asked for when needed, the kernel's first, then its modules'. */
export function rawTracepointsOf(tables: () => Iterable<Btf>): RawTracepointCatalog {
  let names: readonly string[] | undefined;
  return {
    find: (event) => {
      for (const btf of tables()) {
        const found = argumentsOf(btf, event);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    list: () => {
      names ??= [...new Set([...tables()].flatMap(namesIn))].sort();
      return names;
    },
  };
}

function namesIn(btf: Btf): string[] {
  const names: string[] = [];
  for (let id = btf.firstId; id < btf.end; id++) {
    if (btf.kindOf(id) !== 'typedef') continue;
    const name = btf.nameOf(id);
    if (name.startsWith(TYPEDEF)) names.push(name.slice(TYPEDEF.length));
  }
  return names;
}

function argumentsOf(btf: Btf, event: string): readonly RawTracepointArgument[] | undefined {
  const typed = prototypeOf(btf, btf.find(`${TYPEDEF}${event}`, 'typedef'));
  if (typed === undefined) return undefined;
  const named = prototypeOf(btf, btf.find(`${FUNCTION}${event}`, 'func'));
  // Another function of that name would have other parameters.
  const names = named?.parameters.length === typed.parameters.length ? named.parameters : [];
  return typed.parameters.slice(1).map(({ name, type }, index) => ({
    name: name || names[index + 1]?.name || `arg${index}`,
    type: typeName(btf, type),
    btf: { table: btf, id: type },
  }));
}

/** Through a typedef and a pointer, or of a function. */
function prototypeOf(btf: Btf, id: number | undefined): BtfPrototype | undefined {
  let type = id === undefined ? undefined : btf.type(id);
  for (let steps = 0; steps < 4 && type !== undefined; steps++) {
    if (type.kind === 'func_proto') return type;
    if (type.kind !== 'typedef' && type.kind !== 'ptr' && type.kind !== 'func') return undefined;
    type = btf.type(type.type);
  }
  return undefined;
}
