/** `iter`: programs that walk a kind of kernel object when a file is read. */
import type { Btf } from '../../../bpf/btf/btf.ts';
import { resolveType } from '../../../bpf/btf/layout.ts';
import type { BtfComposite } from '../../../bpf/btf/type.ts';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import { attachForm, needsTypes, noIterator, noWildcard } from '../../diagnostics/messages.gen.ts';
import { memberArguments } from '../function-arguments.ts';
import { type AttachContext, type PointRequest, partText, type ResolvedPoint } from '../point.ts';
import type { ProbeArguments } from '../probe-arguments.ts';
import { didYouMean } from '../suggest.ts';
import { hasWildcard } from '../wildcard.ts';
import type { Provider } from './provider.ts';

/** Of the structures that iterators' programs get. */
const PREFIX = 'bpf_iter__';
/** What the verifier knows of an iterator's pointers is a type too. */
const SAFE = '__safe_';

export const ITER: Provider = {
  name: 'iter',
  aliases: ['it'],
  forms: ['iter:kind', 'iter:kind:pin'],
  doc: 'Runs for each object of a kind (task, task_file, tcp, …); what it prints is the text of the file.',
  data: ['ctx'],
  resolve,
  list: (kernel) =>
    iteratorKinds(kernel).map((kind) => ({ name: `iter:${kind}`, args: () => contextOf(kernel, kind) })),
};

function resolve(request: PointRequest, context: AttachContext): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const { kernel, sink } = context;
  const [kind, pin] = parts;
  if (kind === undefined || kind.text === '' || parts.length > 2) {
    sink.report(attachForm(syntax.span, { provider: 'iter', form: 'iter:kind[:pin]' }));
    return [];
  }
  if (hasWildcard(kind.text)) {
    sink.report(noWildcard(kind.span, { provider: 'iter' }));
    return [];
  }
  if (kernel.btf === undefined) {
    sink.report(needsTypes(syntax.span, { provider: 'iter', kernel: kernel.name }));
    return [];
  }
  const args = contextOf(kernel, kind.text);
  if (args === undefined) {
    const values = { kind: kind.text, kernel: kernel.name };
    sink.report(noIterator(kind.span, values, didYouMean(kind.text, iteratorKinds(kernel))));
    return [];
  }
  const pinned = pin === undefined ? {} : { pin: pinPath(partText(request, 1)) };
  const name = `iter:${kind.text}${pin === undefined ? '' : `:${pin.text}`}`;
  return [{ point: { kind: 'iter', target: kind.text, ...pinned }, name, args, syntax }];
}

/** A bare name is a file of the BPF file system. */
function pinPath(text: string): string {
  return text.startsWith('/') ? text : `/sys/fs/bpf/${text}`;
}

/** Those of the kernel's types, and of its modules' own. */
function iteratorKinds(kernel: KernelInfo): readonly string[] {
  const kinds = [kernel.btf, ...(kernel.moduleBtf?.values() ?? [])].flatMap((btf) =>
    btf === undefined ? [] : kindsIn(btf),
  );
  return [...new Set(kinds)].sort();
}

function kindsIn(btf: Btf): readonly string[] {
  const kinds: string[] = [];
  for (let id = btf.firstId; id < btf.end; id++) {
    if (btf.kindOf(id) !== 'struct') continue;
    const name = btf.nameOf(id);
    if (name.startsWith(PREFIX) && !name.includes(SAFE)) kinds.push(name.slice(PREFIX.length));
  }
  return kinds;
}

/** The members of `struct bpf_iter__KIND`. */
function contextOf(kernel: KernelInfo, kind: string): ProbeArguments | undefined {
  for (const btf of [kernel.btf, ...(kernel.moduleBtf?.values() ?? [])]) {
    const id = btf?.find(`${PREFIX}${kind}`, 'struct');
    if (btf === undefined || id === undefined) continue;
    return memberArguments(btf, resolveType(btf, id) as BtfComposite);
  }
  return undefined;
}
