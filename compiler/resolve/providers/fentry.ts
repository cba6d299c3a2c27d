/** `fentry` and `fexit`: the entry or return of a function whose type is known, of the kernel or of a BPF program. */
import type { Btf } from '../../../bpf/btf/btf.ts';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import {
  ambiguousModule,
  attachForm,
  attachValue,
  needsTypes,
  noMatch,
  noModule,
  takesNoOffset,
} from '../../diagnostics/messages.gen.ts';
import { kernelFunction, wordArguments } from '../function-arguments.ts';
import { missing } from '../missing.ts';
import { type AttachContext, type PointRequest, partText, type ResolvedPoint } from '../point.ts';
import type { ProbeArguments } from '../probe-arguments.ts';
import { didYouMean } from '../suggest.ts';
import { hasWildcard, wildcardMatcher } from '../wildcard.ts';
import { functionHint } from './kprobe.ts';
import { KERNEL_MODULE, modulesIn } from './modules.ts';
import type { ListedPoint, Provider } from './provider.ts';

type Kind = 'fentry' | 'fexit';

export const FENTRY: Provider = {
  name: 'fentry',
  aliases: ['f', 'kfunc'],
  forms: ['fentry:function', 'fentry:module:function', 'fentry:bpf[:id]:program'],
  doc: 'Fires when a function of the kernel is called; its arguments have names and types.',
  data: ['args', 'func'],
  resolve: (request, context) => resolve('fentry', request, context),
  list: (kernel) => listed('fentry', kernel),
};

export const FEXIT: Provider = {
  name: 'fexit',
  aliases: ['fr', 'kretfunc'],
  forms: ['fexit:function', 'fexit:module:function', 'fexit:bpf[:id]:program'],
  doc: 'Fires when a function of the kernel returns, with its arguments and its typed result.',
  data: ['args', 'retval', 'func'],
  resolve: (request, context) => resolve('fexit', request, context),
  list: (kernel) => listed('fexit', kernel),
};

function resolve(kind: Kind, request: PointRequest, context: AttachContext): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const { kernel, sink } = context;
  const place = parts.at(-1);
  const bpf = partText(request, 0) === 'bpf' && parts.length > 1;
  if (place === undefined || parts.some(({ text }) => text === '') || parts.length > (bpf ? 3 : 2)) {
    const { forms } = kind === 'fentry' ? FENTRY : FEXIT;
    sink.report(attachForm(syntax.span, { provider: kind, form: forms.join(', ') }));
    return [];
  }
  if (/\+\w+$/.test(place.text) && !place.quoted) {
    sink.report(takesNoOffset(place.span, { provider: kind }));
    return [];
  }
  if (bpf) return ofProgram(kind, request, context);
  if (kernel.btf === undefined) {
    sink.report(needsTypes(syntax.span, { provider: kind, kernel: kernel.name }));
    return [];
  }
  return ofKernel(kind, request, context);
}

/** Another program, found when it is attached: only the running kernel knows it. */
function ofProgram(kind: Kind, request: PointRequest, { sink }: AttachContext): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const id = parts.length === 3 ? parts[1] : undefined;
  if (id !== undefined && !/^\d{1,9}$/.test(id.text)) {
    sink.report(attachValue(id.span, { what: 'id of a BPF program', value: id.text }));
    return [];
  }
  const program = id === undefined ? {} : { id: Number(id.text) };
  const name = `${kind}:${parts.map(({ text }) => text).join(':')}`;
  return [{ point: { kind, function: parts.at(-1)!.text, program }, name, syntax }];
}

function ofKernel(kind: Kind, request: PointRequest, context: AttachContext): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const { kernel, sink } = context;
  const pattern = parts.at(-1)!.text;
  const wanted = parts.length === 2 ? parts[0]!.text : undefined;
  const fits = wildcardMatcher(wanted ?? '*');
  const names = namesOf(kernel, pattern);
  const points: ResolvedPoint[] = [];
  for (const name of names) {
    const modules = modulesWith(kernel, name).filter(fits);
    if (modules.length > 1 && wanted === undefined && !hasWildcard(pattern)) {
      const values = { function: name, modules: modules.join(', ') };
      sink.report(ambiguousModule(parts.at(-1)!.span, values));
      return [];
    }
    for (const module of modules) points.push(pointOf(kind, kernel, name, module, request));
  }
  if (points.length > 0) return points;
  missing(syntax, context, () => {
    const modules = modulesIn(kernel);
    if (wanted !== undefined && !hasWildcard(wanted) && !modules.includes(wanted))
      return noModule(parts[0]!.span, { module: wanted }, didYouMean(wanted, modules));
    const text = syntax.parts.map((part) => part.text).join(':');
    return noMatch(parts.at(-1)!.span, { pattern: text, kernel: kernel.name }, functionHint(kernel, pattern));
  });
  return [];
}

function pointOf(
  kind: Kind,
  kernel: KernelInfo,
  name: string,
  module: string,
  { syntax }: PointRequest,
): ResolvedPoint {
  return {
    point: { kind, function: name, ...(module === KERNEL_MODULE ? {} : { module }) },
    name: `${kind}:${module}:${name}`,
    args: dataOf(kind, kernel, name, module),
    syntax,
  };
}

function dataOf(kind: Kind, kernel: KernelInfo, name: string, module: string): ProbeArguments {
  const found = kernelFunction(kernel, name, module);
  return found === undefined ? { named: () => undefined } : wordArguments(found, kind === 'fexit');
}

/** Functions with a type that can be traced. */
function namesOf({ btf, moduleBtf, functions }: KernelInfo, pattern: string): readonly string[] {
  const traced = (name: string): boolean => functions === undefined || functions.has(name);
  const tables = [btf, ...(moduleBtf?.values() ?? [])].flatMap((one) => one ?? []);
  if (!hasWildcard(pattern)) {
    const known = tables.some((table) => table.find(pattern, 'func') !== undefined);
    return known && traced(pattern) ? [pattern] : [];
  }
  const fits = wildcardMatcher(pattern);
  const names = new Set<string>();
  for (const table of tables)
    for (const name of functionNames(table)) if (fits(name) && traced(name)) names.add(name);
  return [...names].sort();
}

function* functionNames(btf: Btf): Generator<string> {
  for (let id = btf.firstId; id < btf.end; id++) if (btf.kindOf(id) === 'func') yield btf.nameOf(id);
}

/** Where the types have a function of that name. */
function modulesWith({ btf, moduleBtf }: KernelInfo, name: string): readonly string[] {
  const modules = btf?.find(name, 'func') === undefined ? [] : [KERNEL_MODULE];
  for (const [module, table] of moduleBtf ?? []) {
    if ((table.find(name, 'func') ?? 0) >= table.firstId) modules.push(module);
  }
  return modules;
}

function* listed(kind: Kind, kernel: KernelInfo): Generator<ListedPoint> {
  const tables: (readonly [string, Btf])[] = kernel.btf === undefined ? [] : [[KERNEL_MODULE, kernel.btf]];
  for (const [module, btf] of [...tables, ...(kernel.moduleBtf ?? [])]) {
    const names = [...new Set(functionNames(btf))].sort();
    for (const name of names) {
      if (kernel.functions !== undefined && !kernel.functions.has(name)) continue;
      yield { name: `${kind}:${module}:${name}`, args: () => dataOf(kind, kernel, name, module) };
    }
  }
}
