/** `uprobe` and `uretprobe`: the entry or return of a function of a program or library, or a place inside it. */
import type { FunctionSymbol, UserBinary } from '../../../bpf/elf/user/index.ts';
import {
  attachForm,
  badOffset,
  insideInstruction,
  noBoundary,
  noSymbol,
  offsetOutside,
  takesNoOffset,
} from '../../diagnostics/messages.gen.ts';
import type { AttachPointPart } from '../../syntax/ast.ts';
import { missing } from '../missing.ts';
import type { AttachContext, PointRequest, ResolvedPoint } from '../point.ts';
import type { ProbeArguments } from '../probe-arguments.ts';
import { argumentRegister, register } from '../registers.ts';
import { didYouMean } from '../suggest.ts';
import { hasWildcard } from '../wildcard.ts';
import { findTargets, type Target } from './binaries.ts';
import { isBoundary } from './boundary.ts';
import { word } from './kprobe.ts';
import { addressOf, type NamedPlace, namedPlace } from './place.ts';
import type { Provider } from './provider.ts';
import { atSourceLine, namesSourceLine } from './source-line.ts';
import { userArguments } from './user-arguments.ts';

type Kind = 'uprobe' | 'uretprobe';

export const UPROBE: Provider = {
  name: 'uprobe',
  aliases: ['u'],
  forms: [
    'uprobe:binary:function',
    'uprobe:binary:function+offset',
    'uprobe:binary:0xaddress',
    'uprobe:binary:cpp:function',
    'uprobe:binary@file:line',
  ],
  doc: 'Fires when a function of a program or library is called, or reaches an instruction.',
  data: ['args', 'argN', 'sargN', 'reg', 'func', 'usermode'],
  resolve: (request, context) => resolve('uprobe', request, context),
};

export const URETPROBE: Provider = {
  name: 'uretprobe',
  aliases: ['ur'],
  forms: ['uretprobe:binary:function', 'uretprobe:binary:cpp:function'],
  doc: 'Fires when a function of a program or library returns.',
  data: ['retval', 'func', 'usermode'],
  resolve: (request, context) => resolve('uretprobe', request, context),
};

function resolve(kind: Kind, request: PointRequest, context: AttachContext): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const { sink, pid } = context;
  const cpp = parts.length === 3 && parts[1]!.text === 'cpp';
  const [first] = parts;
  const bySource = kind === 'uprobe' && namesSourceLine(request);
  if (bySource && (parts.length === 2 || parts.length === 3))
    return atSourceLine(request, context, plainArguments(kind));
  const shape = parts.length === 2 || cpp || (parts.length === 1 && pid !== undefined);
  if (!shape || parts.some(({ text }) => text === '')) {
    const { forms } = kind === 'uprobe' ? UPROBE : URETPROBE;
    sink.report(attachForm(syntax.span, { provider: kind, form: forms.join(', ') }));
    return [];
  }
  const place = parts.at(-1)!;
  const targets = findTargets(kind, parts.length === 1 ? undefined : first!, request, context);
  if (targets.length === 0) return [];
  const address = place.quoted || cpp ? undefined : addressOf(place.text);
  if (address !== undefined)
    return targets.flatMap((target) => atAddress(kind, target, address, request, context));
  const named = cpp ? { name: place.text } : namedPlace(place.text, place.quoted);
  if (!checkOffset(kind, named, place, context)) return [];
  const found = targets.flatMap((target) => inTarget(kind, target, named, cpp, request, context));
  if (found.length === 0) reportMissing(targets, named, place, request, context);
  return found;
}

function checkOffset(
  kind: Kind,
  { offset, bad }: NamedPlace,
  { span }: AttachPointPart,
  { sink }: AttachContext,
): boolean {
  if (bad !== undefined) sink.report(badOffset(span, { value: bad }));
  else if (offset !== undefined && kind === 'uretprobe') sink.report(takesNoOffset(span, { provider: kind }));
  else return true;
  return false;
}

/** A place as the file is linked, as symbol tables and disassemblers give it. */
function atAddress(
  kind: Kind,
  { path, binary }: Target,
  address: bigint,
  request: PointRequest,
  { unsafe, sink }: AttachContext,
): readonly ResolvedPoint[] {
  const { text, span } = request.parts.at(-1)!;
  const symbol = unsafe ? undefined : binary.functions.at(address);
  if (symbol !== undefined && !isBoundary(binary, symbol, Number(address - symbol.address))) {
    sink.report(insideInstruction(span, { place: `${path}:${text}` }));
    return [];
  }
  const point: ResolvedPoint = {
    point: { kind, target: path, function: '', address },
    name: `${kind}:${path}:${text}`,
    args: plainArguments(kind),
    syntax: request.syntax,
  };
  return [point];
}

function inTarget(
  kind: Kind,
  { path, binary }: Target,
  place: NamedPlace,
  cpp: boolean,
  { syntax, parts }: PointRequest,
  { unsafe, sink }: AttachContext,
): readonly ResolvedPoint[] {
  const wild = hasWildcard(place.name);
  const { offset = 0 } = place;
  const points: ResolvedPoint[] = [];
  for (const symbol of symbolsOf(binary, place.name, cpp)) {
    const name = symbol.name;
    const { span } = parts.at(-1)!;
    if (symbol.size === 0 && !unsafe) {
      if (!wild)
        sink.report(noBoundary(span, { symbol: name }, { hints: ['use --unsafe to attach nevertheless'] }));
      // Said, and so not missing.
      if (!wild) return points;
      continue;
    }
    if (offset > 0 && offset >= symbol.size && symbol.size > 0) {
      sink.report(offsetOutside(span, { symbol: name, size: symbol.size }));
      return points;
    }
    if (offset > 0 && !unsafe && !isBoundary(binary, symbol, offset)) {
      sink.report(insideInstruction(span, { place: `${path}:${name}+${offset}` }));
      return points;
    }
    points.push({
      point: { kind, target: path, function: name, ...(offset > 0 && { offset }) },
      name: `${kind}:${path}:${cpp && !wild ? `cpp:${place.name}` : name}${offset > 0 ? `+${offset}` : ''}`,
      args: offset > 0 ? plainArguments(kind) : functionData(kind, binary, symbol),
      syntax,
    });
  }
  return points;
}

/** One symbol a name: of a pattern all, each address once. */
function symbolsOf(binary: UserBinary, name: string, cpp: boolean): readonly FunctionSymbol[] {
  const { functions } = binary;
  if (cpp) return cppSymbols(binary, name);
  if (!hasWildcard(name)) return functions.named(name).slice(0, 1);
  const seen = new Set<string>();
  return functions.matching(name).filter((one) => {
    const fresh = !seen.has(one.name);
    seen.add(one.name);
    return fresh;
  });
}

/** C++ functions by the name in the source, with or without namespace; all overloads. */
function cppSymbols({ functions }: UserBinary, name: string): readonly FunctionSymbol[] {
  const wanted = name.replace(/\(.*$/, '').split('::');
  const mangled = wanted.map((part) => `${part.length}${part}`).join('');
  const [start, nested] = [`_Z${mangled}`, `_ZN${mangled}E`];
  return functions.all.filter(({ name: symbol }) =>
    wanted.length > 1
      ? symbol.startsWith(nested) || symbol.startsWith(nested.replace('_ZN', '_ZNK'))
      : symbol === name || symbol.startsWith(start),
  );
}

function reportMissing(
  targets: readonly Target[],
  { name }: NamedPlace,
  place: AttachPointPart,
  { syntax }: PointRequest,
  context: AttachContext,
): void {
  const [target] = targets;
  const sized = targets.some(({ binary }) => binary.functions.named(name).length > 0);
  // What is wrong with a function that is there has been said.
  if (sized || target === undefined) return;
  missing(syntax, context, () => {
    const names = hasWildcard(name) ? [] : target.binary.functions.all.map((one) => one.name);
    return noSymbol(place.span, { target: target.path, symbol: name }, didYouMean(name, names));
  });
}

function functionData(kind: Kind, binary: UserBinary, symbol: FunctionSymbol): ProbeArguments {
  const plain = plainArguments(kind);
  if (kind === 'uretprobe') return plain;
  return { ...plain, named: () => userArguments(binary, symbol) };
}

/** Numbers alone, from the registers. */
function plainArguments(kind: Kind): ProbeArguments {
  if (kind === 'uretprobe') return { named: () => undefined, returned: () => word('retval', register('ax')) };
  return { named: () => undefined, numbered: (index) => word(`arg${index}`, argumentRegister(index)) };
}
