/** The description of an object file as text. */
import { SCRIPT_SECTION } from '../../compiler/object/script-section.ts';
import type {
  ExternDescription,
  FunctionDescription,
  MapDescription,
  ObjectDescription,
  ProgramDescription,
  RelocationDescription,
  ScriptDescription,
} from './description.ts';

export function descriptionText(object: ObjectDescription): string {
  return blocksText([
    [headLine(object)],
    titled('programs', object.programs.flatMap(programLines)),
    titled(
      'functions',
      object.functions.flatMap((one) => [`${one.name}`, ...functionLines(one)]),
    ),
    titled('maps', object.maps.flatMap(mapLines)),
    titled(
      'data',
      object.data.flatMap(({ name, size, variables }) => [
        `${name}: ${bytesText(size)}`,
        ...variables.map((one) => `  ${one.declaration};  // ${bytesText(one.size)} at ${one.offset}`),
      ]),
    ),
    titled('externs', object.externs.map(externLine)),
    object.btf === undefined ? ['no types'] : [btfLine(object.btf)],
    object.script === undefined ? [noScriptLine(object)] : scriptLines(object.script),
  ]);
}

/** Blocks with an empty line between, without those that are empty. */
export function blocksText(blocks: readonly (readonly string[])[]): string {
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(visible).join('\n'))
    .join('\n\n')}\n`;
}

/** Names are a stranger's: what would move the terminal's cursor is spelled out. */
function visible(line: string): string {
  return line.replace(/[\0-\x1f\x7f-\x9f]/g, (one) => {
    return `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function bytesText(size: number): string {
  return counted(size, 'byte');
}

function headLine({
  file,
  class: bits,
  endian,
  license,
  kernelVersion,
  sections,
  symbols,
}: ObjectDescription): string {
  const parts = [
    `ELF${bits}, ${endian}-endian`,
    license === '' ? 'no license' : `license ${license}`,
    ...(kernelVersion === undefined ? [] : [`for Linux ${versionText(kernelVersion)}`]),
    `${sections.length} sections`,
    `${symbols} symbols`,
  ];
  return `${file}: ${parts.join(', ')}`;
}

function versionText(code: number): string {
  return `${code >>> 16}.${(code >>> 8) & 0xff}.${code & 0xff}`;
}

export function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function programLines(program: ProgramDescription): readonly string[] {
  const idle = program.loadedByDefault ? '' : ', not loaded by default';
  return [
    program.name,
    `  section ${program.section}, type ${program.type}${idle}`,
    ...(program.attach.length === 0 ? [] : [`  attach: ${program.attach.join(', ')}`]),
    ...functionLines(program),
  ];
}

function functionLines(one: FunctionDescription): readonly string[] {
  const list = (title: string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [`  ${title}: ${names.join(', ')}`];
  const { source } = one;
  return [
    ...(one.prototype === undefined ? [] : [`  ${one.prototype};`]),
    `  ${counted(one.instructions, 'instruction')}, ${bytesText(one.slots * 8)}, ${one.weak ? 'weak' : one.linkage}`,
    ...(source === undefined ? [] : [`  source: ${sourceText(source)}`]),
    ...list('calls', one.calls),
    ...list('helpers', one.helpers),
    ...list('kernel functions', one.kernelFunctions),
    ...indented('relocations', relocationLines(one.relocations)),
    ...indented(
      'CO-RE',
      one.core.map(({ slot, access }) => `${slot} ${access}`),
    ),
  ];
}

function sourceText({ file, firstLine, lastLine }: NonNullable<FunctionDescription['source']>): string {
  return firstLine === lastLine ? `${file}:${firstLine}` : `${file}:${firstLine}-${lastLine}`;
}

/** A line for each symbol, with the slots that name it. */
function relocationLines(relocations: readonly RelocationDescription[]): readonly string[] {
  const groups = Map.groupBy(relocations, ({ type, symbol }) => `${type} ${symbol}`);
  return [...groups].map(([what, list]) => `${what} at ${list.map(({ slot }) => slot).join(', ')}`);
}

function indented(title: string, lines: readonly string[]): readonly string[] {
  return titled(title, lines).map((line) => `  ${line}`);
}

function mapLines(map: MapDescription): readonly string[] {
  return [map.name, ...specLines(map).map((line) => `  ${line}`)];
}

function specLines(map: Omit<MapDescription, 'name'>): readonly string[] {
  const side = (type: string | undefined, size: number): string =>
    type === undefined ? bytesText(size) : `${type} (${bytesText(size)})`;
  return [
    [map.type, roomText(map), ...(map.flags.length === 0 ? [] : [map.flags.join(' ')])].join(', '),
    ...(map.keySize === 0 && map.valueSize === 0
      ? []
      : [`key ${side(map.key, map.keySize)}, value ${side(map.value, map.valueSize)}`]),
    ...(map.pinning === undefined ? [] : [`pinned ${map.pinning}`]),
    ...(map.numaNode === undefined ? [] : [`NUMA node ${map.numaNode}`]),
    ...(map.mapExtra === undefined ? [] : [`extra ${map.mapExtra}`]),
    ...(map.inner === undefined ? [] : ['inner:', ...specLines(map.inner).map((line) => `  ${line}`)]),
    ...(map.slots ?? []).map(({ index, target }) => `[${index}] = ${target}`),
  ];
}

/** What `max_entries` means for the map's type. */
function roomText({ type, maxEntries }: Omit<MapDescription, 'name'>): string {
  if (type === 'ringbuf' || type === 'user_ringbuf') return bytesText(maxEntries);
  if (type === 'perf_event_array' && maxEntries === 0) return 'an entry for each CPU';
  return counted(maxEntries, 'entry', 'entries');
}

function externLine({ name, kind, weak, type }: ExternDescription): string {
  return `${name}: ${kind}${weak ? ', weak' : ''}${type === undefined ? '' : `, ${type}`}`;
}

function btfLine({ types, kinds }: NonNullable<ObjectDescription['btf']>): string {
  const counts = Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`);
  return `types: ${types} (${counts.join(', ')})`;
}

function noScriptLine({ sections }: ObjectDescription): string {
  const isThere = sections.some(({ name }) => name === SCRIPT_SECTION);
  return isThere ? 'a script section that cannot be read' : 'no script section';
}

function scriptLines(script: ScriptDescription): readonly string[] {
  const actions = Object.entries(script.actions).map(([kind, count]) => `${count} ${kind}`);
  return titled('script', [
    `${script.name}, compiled for Linux ${script.target.release} and newer, against ${script.target.kernel}`,
    ...script.probes.map(({ program, points }) => `${program}: ${points.join(', ')}`),
    ...script.maps.map(({ name, key, value }) => `${name}${key === undefined ? '' : `[${key}]`}: ${value}`),
    ...(actions.length === 0 ? [] : [`output: ${actions.join(', ')}`]),
    ...script.fields.map(
      ({ program, name, offset, size }) => `${program}: reads args.${name}, ${bytesText(size)} at ${offset}`,
    ),
    ...script.needs.map(({ kind, what }) => `needs ${kind} for ${what}`),
  ]);
}
