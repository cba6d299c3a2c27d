/** The kernel function, event or struct member whose arguments the program gets (`bpf_check_attach_target`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import { skipModifiers } from '../../bpf/btf/layout.ts';
import type { BtfPrototype } from '../../bpf/btf/type.ts';
import type { Environment } from '../environment.ts';
import { unsupported } from '../rejection.ts';

export interface AttachTarget {
  readonly btf: Btf;
  /** As messages name it: events without `btf_trace_`. */
  readonly name: string;
  readonly prototype: BtfPrototype;
  /** An event: its first parameter is the tracepoint's own. */
  readonly isEvent: boolean;
  readonly fromModule: boolean;
}

const EVENT_PREFIX = 'btf_trace_';

/** @throws Rejection: what we do not model */
export function attachTarget(env: Environment): AttachTarget {
  const { attachTo } = env.input;
  if (attachTo === undefined) throw unsupported('typed arguments without what they belong to');
  const fromModule = attachTo.module !== undefined && attachTo.module !== 'vmlinux';
  const btf = fromModule ? env.kernel.modules?.get(attachTo.module!) : env.btf;
  if (btf === undefined) throw unsupported("typed arguments without the kernel's types");
  switch (attachTo.kind) {
    case 'func':
      return { ...functionTarget(btf, attachTo.name), isEvent: false, fromModule };
    case 'typedef':
      return { ...eventTarget(btf, attachTo.name), isEvent: true, fromModule };
    case 'struct':
      throw unsupported("arguments of a struct's operations");
  }
}

function functionTarget(btf: Btf, name: string) {
  const id = btf.find(name, 'func');
  const func = id === undefined ? undefined : btf.type(id);
  if (func?.kind !== 'func') throw unsupported(`the function ${name}, which the kernel's types lack`);
  return { btf, name, prototype: prototypeAt(btf, func.type) };
}

/** An event is a typedef of a pointer to its prototype; its template's function names the parameters. */
function eventTarget(btf: Btf, typedef: string) {
  const name = typedef.startsWith(EVENT_PREFIX) ? typedef.slice(EVENT_PREFIX.length) : typedef;
  const template = btf.find(`__bpf_trace_${name}`, 'func');
  const func = template === undefined ? undefined : btf.type(template);
  if (func?.kind === 'func') return { btf, name, prototype: prototypeAt(btf, func.type) };
  const id = btf.find(`${EVENT_PREFIX}${name}`, 'typedef');
  const event = id === undefined ? undefined : btf.type(id);
  if (event?.kind !== 'typedef') throw unsupported(`the event ${name}, which the kernel's types lack`);
  const pointer = btf.type(skipModifiers(btf, event.type));
  if (pointer.kind !== 'ptr') throw unsupported(`the event ${name}, which is no pointer to a function`);
  return { btf, name, prototype: prototypeAt(btf, pointer.type) };
}

function prototypeAt(btf: Btf, id: number): BtfPrototype {
  const type = btf.type(skipModifiers(btf, id));
  if (type.kind !== 'func_proto') throw unsupported('a function without a prototype');
  return type;
}
