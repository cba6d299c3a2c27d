/** The description of a user's program or library as text. */
import type { BinaryDescription } from '../../bpf/elf/user/index.ts';
import type { BinaryFunction } from './binary.ts';
import { blocksText, bytesText, counted, titled } from './text.ts';

export function binaryText(file: string, binary: BinaryDescription): string {
  const { bits, littleEndian, machine, kind, buildId, debugLink, usdt } = binary;
  return blocksText([
    [`${file}: ELF${bits}, ${littleEndian ? 'little' : 'big'}-endian, ${machine}, ${kind}`],
    [
      buildId === undefined ? 'no build id' : `build id: ${buildId}`,
      ...(debugLink === undefined ? [] : [`debug link: ${debugLink}`]),
      functionsLine(binary),
      ...dwarfLines(binary),
      ...(usdt.length === 0 ? ['no USDT probes'] : []),
    ],
    titled('USDT probes', usdt.map(probeLine)),
  ]);
}

function functionsLine({ functions, functionCounts }: BinaryDescription): string {
  if (functions === 0) return 'no functions';
  const counts = functionCounts.map(({ from, count }) => `${count} in ${placeOf(from)}`);
  return `functions: ${functions} (${counts.join(', ')})`;
}

function placeOf(from: BinaryDescription['functionCounts'][number]['from']): string {
  return from === 'debug file' ? 'its debug file' : from;
}

function dwarfLines({ dwarfUnits, dwarfPath, debugPaths }: BinaryDescription): readonly string[] {
  if (dwarfUnits !== undefined) {
    const place = dwarfPath === undefined ? 'in the file' : `in ${dwarfPath}`;
    return [`debugging information: DWARF, ${counted(dwarfUnits, 'unit')}, ${place}`];
  }
  if (debugPaths.length === 0) return ['no debugging information'];
  return ['no debugging information in the file, nor as', ...debugPaths.map((path) => `  ${path}`)];
}

function probeLine({ probe, places, arguments: texts }: BinaryDescription['usdt'][number]): string {
  const details = texts === '' ? [] : [texts];
  return [probe, ...details, ...(places === 1 ? [] : [`(${places} places)`])].join('  ');
}

export function functionsText(functions: readonly BinaryFunction[]): string {
  return blocksText(functions.map(functionLines));
}

function functionLines(one: BinaryFunction): readonly string[] {
  const { name, version, prototype, source, kind, binding, offset, size } = one;
  const place = offset === undefined ? 'not in the file' : `at 0x${offset.toString(16)} in the file`;
  const length = size === 0 ? 'of unknown size' : bytesText(size);
  return [
    version === undefined ? name : `${name}@${version}`,
    ...(prototype === undefined ? [] : [`  ${prototype};`]),
    `  ${[place, length, binding, ...(kind === 'indirect' ? ['indirect'] : [])].join(', ')}`,
    ...(source === undefined ? [] : [`  source: ${[source.file, source.line ?? []].flat().join(':')}`]),
  ];
}
