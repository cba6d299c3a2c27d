/** `kprobe` and `kretprobe`: the entry or return of a function of the kernel, or a place inside it. */
import type { AttachPoint } from '../../../bpf/attach-point.ts';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import {
  addressUnsafe,
  attachForm,
  badOffset,
  noMatch,
  noModule,
  takesNoOffset,
} from '../../diagnostics/messages.gen.ts';
import { UINT64 } from '../../types/make.ts';
import { kernelFunction, registerArguments, registerResult } from '../function-arguments.ts';
import { missing } from '../missing.ts';
import type { AttachContext, PointRequest, ResolvedPoint } from '../point.ts';
import type { ProbeArgument, ProbeArguments } from '../probe-arguments.ts';
import { argumentRegister, register } from '../registers.ts';
import { didYouMean } from '../suggest.ts';
import { hasWildcard, wildcardMatcher } from '../wildcard.ts';
import { KERNEL_MODULE, modulesIn } from './modules.ts';
import { addressOf, namedPlace } from './place.ts';
import type { ListedPoint, Provider } from './provider.ts';

type Kind = 'kprobe' | 'kretprobe';

export const KPROBE: Provider = {
  name: 'kprobe',
  aliases: ['k'],
  forms: ['kprobe:function', 'kprobe:function+offset', 'kprobe:module:function', 'kprobe:0xaddress'],
  doc: 'Fires when a function of the kernel is called, or reaches an instruction.',
  data: ['args', 'argN', 'sargN', 'reg', 'func', 'usermode'],
  resolve: (request, context) => resolve('kprobe', request, context),
  list: (kernel) => listed('kprobe', kernel),
};

export const KRETPROBE: Provider = {
  name: 'kretprobe',
  aliases: ['kr'],
  forms: ['kretprobe:function', 'kretprobe:module:function'],
  doc: 'Fires when a function of the kernel returns.',
  data: ['retval', 'func', 'usermode'],
  resolve: (request, context) => resolve('kretprobe', request, context),
  list: (kernel) => listed('kretprobe', kernel),
};

function resolve(kind: Kind, request: PointRequest, context: AttachContext): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const { sink } = context;
  const place = parts.at(-1);
  if (place === undefined || place.text === '' || parts.length > 2 || parts[0]!.text === '') {
    const { forms } = kind === 'kprobe' ? KPROBE : KRETPROBE;
    sink.report(attachForm(syntax.span, { provider: kind, form: forms.join(', ') }));
    return [];
  }
  const address = parts.length === 1 && !place.quoted ? addressOf(place.text) : undefined;
  if (address !== undefined) return atAddress(kind, address, request, context);
  const { name, offset, bad } = namedPlace(place.text, place.quoted);
  if (bad !== undefined) {
    sink.report(badOffset(place.span, { value: bad }));
    return [];
  }
  if (offset !== undefined && kind === 'kretprobe') {
    sink.report(takesNoOffset(place.span, { provider: kind }));
    return [];
  }
  const module = parts.length === 2 ? parts[0]!.text : undefined;
  return named(kind, { name, offset, module }, request, context);
}

/** A breakpoint at any address: of no function, so that nothing is known of its arguments. */
function atAddress(
  kind: Kind,
  address: bigint,
  { syntax, parts }: PointRequest,
  { unsafe, sink }: AttachContext,
): readonly ResolvedPoint[] {
  const [place] = parts;
  if (!unsafe) {
    sink.report(addressUnsafe(place!.span, { value: place!.text }));
    return [];
  }
  const point: AttachPoint = { kind, function: '', address };
  return [{ point, name: `${kind}:${place!.text}`, args: unknownArguments(kind), syntax }];
}

interface Wanted {
  readonly name: string;
  readonly offset: number | undefined;
  readonly module: string | undefined;
}

function named(
  kind: Kind,
  { name, offset, module }: Wanted,
  request: PointRequest,
  context: AttachContext,
): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const { kernel } = context;
  const pairs = candidates(kernel, name, module);
  if (pairs.length === 0) {
    missing(syntax, context, () => {
      const pattern = syntax.parts.map(({ text }) => text).join(':');
      const known = module === undefined || hasWildcard(module) || modulesIn(kernel).includes(module);
      if (!known) return noModule(parts[0]!.span, { module }, didYouMean(module, modulesIn(kernel)));
      return noMatch(parts.at(-1)!.span, { pattern, kernel: kernel.name }, functionHint(kernel, name));
    });
  }
  const suffix = offset === undefined || offset === 0 ? '' : `+${offset}`;
  return pairs.map(([own, at]) => ({
    point: {
      kind,
      function: own,
      ...(at === undefined || at === KERNEL_MODULE ? {} : { module: at }),
      ...(offset === undefined || offset === 0 ? {} : { offset }),
    },
    name: `${kind}:${at === undefined ? '' : `${at}:`}${own}${suffix}`,
    args: suffix === '' ? functionData(kind, kernel, own, at) : unknownArguments(kind),
    syntax,
  }));
}

/** Functions, with their module where one was asked for. */
function candidates(
  kernel: KernelInfo,
  name: string,
  module: string | undefined,
): readonly (readonly [string, string | undefined])[] {
  const { functions } = kernel;
  const wild = hasWildcard(name);
  if (functions === undefined) {
    // The types of a kernel take long to open: they are asked only where nothing else tells of functions.
    const { btf } = kernel;
    // Nothing tells of functions: attaching will, but a pattern stands for nothing.
    return wild || (btf !== undefined && btf.find(name, 'func') === undefined) ? [] : [[name, module]];
  }
  const names = wild ? functions.list().filter(wildcardMatcher(name)) : functions.has(name) ? [name] : [];
  if (module === undefined) return names.map((one) => [one, undefined]);
  const { modulesOf } = functions;
  const fits = wildcardMatcher(module);
  return names.flatMap((one) =>
    (modulesOf?.(one) ?? [module]).filter(fits).map((at): readonly [string, string] => [one, at]),
  );
}

/** A name one letter off; or one that the kernel has, and does not let anyone trace. */
export function functionHint(kernel: KernelInfo, name: string): { readonly hints?: readonly string[] } {
  if (hasWildcard(name)) return {};
  if (kernel.btf?.find(name, 'func') !== undefined) {
    return {
      hints: [`${name} is a function of the kernel that cannot be traced (notrace, inlined or renamed)`],
    };
  }
  return didYouMean(name, kernel.functions?.list() ?? []);
}

function functionData(kind: Kind, kernel: KernelInfo, name: string, module?: string): ProbeArguments {
  const unknown = unknownArguments(kind);
  return {
    ...unknown,
    named: () => {
      const found = kind === 'kprobe' ? kernelFunction(kernel, name, module) : undefined;
      return found === undefined ? undefined : registerArguments(found);
    },
  };
}

/** Numbers alone: what a function gets and gives is in registers, whatever it means. */
function unknownArguments(kind: Kind): ProbeArguments {
  if (kind === 'kretprobe') return { named: () => undefined, returned: () => word('retval', register('ax')) };
  return { named: () => undefined, numbered: (index) => word(`arg${index}`, argumentRegister(index)) };
}

/** A register as a number. */
export function word(name: string, place: ProbeArgument['place']): ProbeArgument {
  return { name, type: UINT64, place, cType: 'u64', declaration: `u64 ${name}` };
}

function* listed(kind: Kind, kernel: KernelInfo): Generator<ListedPoint> {
  for (const name of kernel.functions?.list() ?? []) {
    yield {
      name: `${kind}:${name}`,
      args: () => {
        const found = kernelFunction(kernel, name);
        if (found === undefined) return undefined;
        return kind === 'kprobe'
          ? { named: () => registerArguments(found) }
          : { named: () => undefined, returned: () => registerResult(found) };
      },
    };
  }
}
