/** The description of an object file as text. */
import type {
  ExternDescription,
  FunctionDescription,
  MapDescription,
  ObjectDescription,
  ProgramDescription,
  ScriptDescription,
} from './description.ts';

export function descriptionText(object: ObjectDescription): string {
  const blocks = [
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
        `${name}: ${size} bytes`,
        ...variables.map((one) => `  ${one.declaration};  // ${one.size} bytes at ${one.offset}`),
      ]),
    ),
    titled('externs', object.externs.map(externLine)),
    object.btf === undefined ? ['no types'] : [btfLine(object.btf)],
    object.script === undefined ? ['no script section'] : scriptLines(object.script),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
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

function titled(title: string, lines: readonly string[]): readonly string[] {
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
    `  ${one.instructions} instructions, ${one.slots * 8} bytes, ${one.weak ? 'weak' : one.linkage}`,
    ...(source === undefined ? [] : [`  source: ${source.file}:${source.firstLine}-${source.lastLine}`]),
    ...list('calls', one.calls),
    ...list('helpers', one.helpers),
    ...list('kernel functions', one.kernelFunctions),
    ...list(
      'relocations',
      one.relocations.map(({ slot, type, symbol }) => `${slot} ${symbol} (${type})`),
    ),
    ...list(
      'CO-RE',
      one.core.map(({ slot, access }) => `${slot} ${access}`),
    ),
  ];
}

function mapLines(map: MapDescription): readonly string[] {
  return [map.name, ...specLines(map).map((line) => `  ${line}`)];
}

function specLines(map: Omit<MapDescription, 'name'>): readonly string[] {
  const side = (type: string | undefined, size: number): string =>
    type === undefined ? `${size} bytes` : `${type} (${size} bytes)`;
  return [
    `${map.type}, ${map.maxEntries} entries${map.flags.length === 0 ? '' : `, ${map.flags.join(' ')}`}`,
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

function externLine({ name, kind, weak, type }: ExternDescription): string {
  return `${name}: ${kind}${weak ? ', weak' : ''}${type === undefined ? '' : `, ${type}`}`;
}

function btfLine({ types, kinds }: NonNullable<ObjectDescription['btf']>): string {
  const counts = Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`);
  return `types: ${types} (${counts.join(', ')})`;
}

function scriptLines(script: ScriptDescription): readonly string[] {
  const actions = Object.entries(script.actions).map(([kind, count]) => `${count} ${kind}`);
  return titled('script', [
    `${script.name}, compiled for Linux ${script.target.release} and newer, against ${script.target.kernel}`,
    ...script.probes.map(({ program, points }) => `${program}: ${points.join(', ')}`),
    ...script.maps.map(({ name, key, value }) => `${name}${key === undefined ? '' : `[${key}]`}: ${value}`),
    ...(actions.length === 0 ? [] : [`output: ${actions.join(', ')}`]),
    ...script.fields.map((field) => `reads ${field}`),
    ...script.needs.map((need) => `needs ${need}`),
  ]);
}
