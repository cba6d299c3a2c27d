/** What libbpf makes of objects when it opens them: drives `libbpf-view.c`. */
import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';

export interface LibbpfMap {
  readonly name: string;
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly key: number;
  readonly value: number;
  readonly mapExtra: bigint;
  readonly numaNode: number;
  readonly pinned: boolean;
  readonly inner?: readonly number[];
}

export interface LibbpfObject {
  readonly refused: boolean;
  readonly programs: readonly {
    readonly name: string;
    readonly section: string;
    readonly type: number;
    readonly slots: number;
    readonly autoload: boolean;
  }[];
  readonly maps: readonly LibbpfMap[];
  /** `name size`, then ` variable offset size linkage` of each. */
  readonly sections: readonly string[];
  readonly functions: readonly { readonly name: string; readonly linkage: number }[];
  readonly configs: ReadonlyMap<string, number>;
  /** Contents of data maps, in hexadecimal; of loaded objects only. */
  readonly values: ReadonlyMap<string, string>;
}

/** Builds the program in `folder`. */
export function buildLibbpfView(folder: string): string {
  const program = join(folder, 'libbpf-view');
  execFileSync('gcc', ['-O1', '-o', program, join(import.meta.dirname, 'libbpf-view.c'), '-lbpf']);
  return program;
}

/** By file name. */
export function libbpfView(program: string, paths: readonly string[]): ReadonlyMap<string, LibbpfObject> {
  const text = execFileSync(program, [...paths], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const blocks = text.split(/^file /m).slice(1);
  return new Map(
    blocks.map((block) => {
      const [path, ...lines] = block.trimEnd().split('\n');
      return [basename(path!), readBlock(lines.map((line) => line.split(' ')))];
    }),
  );
}

function readBlock(lines: readonly (readonly string[])[]): LibbpfObject {
  const of = (kind: string): readonly (readonly string[])[] =>
    lines.filter(([first]) => first === kind).map((words) => words.slice(1));
  return {
    refused: of('refused').length > 0,
    programs: of('program').map(([name, section, type, slots, autoload]) => ({
      name: name!,
      section: section!,
      type: Number(type),
      slots: Number(slots),
      autoload: autoload === '1',
    })),
    maps: readMaps(lines),
    sections: readSections(lines),
    functions: of('function').map(([name, linkage]) => ({ name: name!, linkage: Number(linkage) })),
    configs: new Map(of('extern').map(([name, offset]) => [name!, Number(offset)])),
    values: new Map(of('value').map(([name, bytes]) => [name!, bytes!])),
  };
}

function readMaps(lines: readonly (readonly string[])[]): readonly LibbpfMap[] {
  const maps: LibbpfMap[] = [];
  for (const [kind, ...words] of lines) {
    if (kind === 'inner') maps.push({ ...maps.pop()!, inner: words.map(Number) });
    if (kind !== 'map') continue;
    const [type, keySize, valueSize, maxEntries, flags, key, value] = words.slice(1, 8).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const [mapExtra, numaNode, pinned] = words.slice(8) as [string, string, string];
    maps.push({
      name: words[0]!,
      type,
      keySize,
      valueSize,
      maxEntries,
      flags,
      key,
      value,
      mapExtra: BigInt(mapExtra),
      numaNode: Number(numaNode),
      pinned: pinned === '1',
    });
  }
  return maps;
}

function readSections(lines: readonly (readonly string[])[]): readonly string[] {
  const sections: string[] = [];
  for (const [kind, ...words] of lines) {
    if (kind === 'datasec') sections.push(words.join(' '));
    if (kind === 'variable') sections.push(`${sections.pop()!} ${words.join(' ')}`);
  }
  return sections;
}
