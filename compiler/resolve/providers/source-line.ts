/** `uprobe:BINARY@FILE:LINE[:COLUMN]`: where statements of a line of the source begin, by debugging information. */
import type { UserBinary } from '../../../bpf/elf/user/index.ts';
import { attachValue, noLine } from '../../diagnostics/messages.gen.ts';
import { missing } from '../missing.ts';
import type { AttachContext, PointRequest, ResolvedPoint } from '../point.ts';
import type { ProbeArguments } from '../probe-arguments.ts';
import { findTargets } from './binaries.ts';

/** Of `BINARY@FILE`: what is behind the last `@` and looks like a file of a source. */
const SOURCE = /^(.+)@([^@]*\.\w+)$/;

export function namesSourceLine({ parts: [first] }: PointRequest): boolean {
  return first !== undefined && !first.quoted && SOURCE.test(first.text);
}

/** One place in each function that has code of the line: the first. */
export function atSourceLine(
  request: PointRequest,
  context: AttachContext,
  args: ProbeArguments,
): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const [first, line, column] = parts;
  const [, path = '', file = ''] = SOURCE.exec(first!.text) ?? [];
  for (const part of [line, column]) {
    if (part === undefined || /^[1-9]\d{0,8}$/.test(part.text)) continue;
    context.sink.report(attachValue(part.span, { what: 'line of the source', value: part.text }));
    return [];
  }
  const targets = findTargets('uprobe', { ...first!, text: path }, request, context);
  const place = `${file}:${parts
    .slice(1)
    .map(({ text }) => text)
    .join(':')}`;
  const found = targets.flatMap(({ path: target, binary }) =>
    placesOf(binary, file, Number(line!.text), column === undefined ? undefined : Number(column.text)).map(
      ({ name, offset, address }): ResolvedPoint => ({
        point: {
          kind: 'uprobe',
          target,
          function: name,
          ...(name === '' ? { address } : offset > 0 && { offset }),
        },
        name: `uprobe:${target}@${place}`,
        args,
        syntax,
      }),
    ),
  );
  if (found.length === 0 && targets.length > 0) {
    const [{ path: target, binary }] = targets as [(typeof targets)[number]];
    const advice =
      binary.dwarf === undefined ? 'it has no debugging information' : 'name a line with a statement';
    missing(syntax, context, () => noLine(syntax.span, { target, place, advice }));
  }
  return found;
}

interface Place {
  /** Empty where no symbol has the address. */
  readonly name: string;
  readonly offset: number;
  readonly address: bigint;
}

function placesOf(
  binary: UserBinary,
  file: string,
  line: number,
  column: number | undefined,
): readonly Place[] {
  const places = new Map<string, Place>();
  for (const address of binary.dwarf?.lineAddresses(file, line, column) ?? []) {
    const symbol = binary.functions.at(address);
    const name = symbol?.name ?? '';
    const key = symbol === undefined ? String(address) : name;
    if (places.has(key)) continue;
    places.set(key, { name, offset: Number(address - (symbol?.address ?? address)), address });
  }
  return [...places.values()];
}
