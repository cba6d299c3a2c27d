/** `usdt`: places in a program that its authors marked, with values they chose. */
import type { UsdtArgument, UsdtPlace, UsdtProbe } from '../../../bpf/elf/user/index.ts';
import { attachForm, noUsdt } from '../../diagnostics/messages.gen.ts';
import { integer, UINT64 } from '../../types/make.ts';
import type { Type } from '../../types/type.ts';
import { missing } from '../missing.ts';
import type { AttachContext, PointRequest, ResolvedPoint } from '../point.ts';
import type { ArgumentPlace, ProbeArgument, ProbeArguments } from '../probe-arguments.ts';
import { didYouMean } from '../suggest.ts';
import { hasWildcard, wildcardMatcher } from '../wildcard.ts';
import { findTargets, type Target } from './binaries.ts';
import type { Provider } from './provider.ts';

export const USDT: Provider = {
  name: 'usdt',
  aliases: ['U'],
  forms: ['usdt:binary:probe', 'usdt:binary:provider:probe', 'usdt:*:probe'],
  doc: 'Fires at a place that the authors of a program or library marked.',
  data: ['argN', 'reg', 'func', 'usermode'],
  resolve,
};

function resolve(request: PointRequest, context: AttachContext): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const { pid, sink } = context;
  const least = pid === undefined ? 2 : 1;
  if (parts.length < least || parts.length > 3 || parts.some(({ text }) => text === '')) {
    sink.report(attachForm(syntax.span, { provider: 'usdt', form: USDT.forms.join(', ') }));
    return [];
  }
  const target = parts.length === 1 ? undefined : parts[0]!;
  const targets = findTargets('usdt', target, request, context);
  if (targets.length === 0) return [];
  const name = parts.at(-1)!;
  const provider = parts.length === 3 ? parts[1]!.text : '*';
  const [byProvider, byName] = [wildcardMatcher(provider), wildcardMatcher(name.text)];
  const found = targets.flatMap((one) =>
    one.binary.usdt
      .filter((probe) => byProvider(probe.provider) && byName(probe.name))
      .flatMap((probe) => pointsOf(one, probe, request)),
  );
  if (found.length === 0) {
    missing(syntax, context, () => {
      const known = targets.flatMap(({ binary }) => binary.usdt.map((one) => one.name));
      const wanted = provider === '*' ? name.text : `${provider}:${name.text}`;
      const hints = hasWildcard(name.text) ? {} : didYouMean(name.text, known);
      return noUsdt(name.span, { target: targets[0]!.path, probe: wanted }, hints);
    });
  }
  return found;
}

/** One point, or one a place where the compiler keeps the values elsewhere in each copy of the code. */
function pointsOf({ path }: Target, probe: UsdtProbe, { syntax }: PointRequest): readonly ResolvedPoint[] {
  const { provider, name, places } = probe;
  const point = { kind: 'usdt', target: path, provider, probe: name } as const;
  const full = `usdt:${path}:${provider}:${name}`;
  const layouts = new Set(places.map(({ argumentText }) => argumentText));
  if (layouts.size <= 1) return [{ point, name: full, args: dataOf(places[0]), syntax }];
  return places.map((place, index) => ({
    point: { ...point, place: index },
    name: full,
    args: dataOf(place),
    syntax,
  }));
}

function dataOf(place: UsdtPlace | undefined): ProbeArguments {
  const values = place?.arguments ?? [];
  return {
    named: () => undefined,
    numbered: (index) => noteValue(values[index], index, values.length),
  };
}

function noteValue(value: UsdtArgument | undefined, index: number, count: number): ProbeArgument {
  const name = `arg${index}`;
  if (value === undefined) {
    const reason = `the probe has ${count === 1 ? '1 argument' : `${count} arguments`}`;
    return {
      name,
      type: UINT64,
      place: { kind: 'nowhere', reason },
      cType: 'u64',
      declaration: `u64 ${name}`,
    };
  }
  const { size, signed } = value;
  const type: Type = isSize(size) && !value.float ? integer(size, signed) : UINT64;
  const cType = `${signed ? 's' : 'u'}${size * 8}`;
  return { name, type, place: placeOf(value), cType, declaration: `${cType} ${name}` };
}

function placeOf(value: UsdtArgument): ArgumentPlace {
  if (value.float) return { kind: 'nowhere', reason: `it is a floating point number (${value.text})` };
  const unreadable: ArgumentPlace = { kind: 'nowhere', reason: `the note says ${value.text}` };
  switch (value.kind) {
    case 'register': {
      const { offset, shift } = value.register;
      return offset === undefined ? unreadable : { kind: 'register', offset, shift };
    }
    case 'constant':
      return { kind: 'constant', value: value.value };
    case 'memory': {
      const { base, index, scale, displacement, symbol } = value;
      const known = [base, index].every((one) => one === undefined || one.offset !== undefined);
      if (symbol !== undefined || !known) return unreadable;
      return {
        kind: 'memory',
        space: 'user',
        ...(base?.offset !== undefined && { base: base.offset }),
        ...(index?.offset !== undefined && { index: index.offset }),
        scale,
        displacement,
      };
    }
    case 'unknown':
      return unreadable;
    default:
      return value satisfies never;
  }
}

function isSize(size: number): size is 1 | 2 | 4 | 8 {
  return size === 1 || size === 2 || size === 4 || size === 8;
}
