/** What `bpfkit inspect` tells of an object file, as plain data: `--json` prints it as it is. */
import type { Need } from '../../compiler/resolve/needs.ts';

export interface ObjectDescription {
  readonly file: string;
  readonly class: 32 | 64;
  readonly endian: 'little' | 'big';
  readonly license: string;
  /** `LINUX_VERSION_CODE` */
  readonly kernelVersion?: number;
  readonly sections: readonly SectionDescription[];
  readonly symbols: number;
  readonly programs: readonly ProgramDescription[];
  readonly functions: readonly FunctionDescription[];
  readonly maps: readonly MapDescription[];
  readonly data: readonly DataDescription[];
  readonly externs: readonly ExternDescription[];
  readonly btf?: BtfDescription;
  readonly script?: ScriptDescription;
}

export interface SectionDescription {
  readonly index: number;
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

export interface FunctionDescription {
  readonly name: string;
  readonly linkage: 'static' | 'global';
  readonly weak: boolean;
  readonly instructions: number;
  /** Slots of eight bytes. */
  readonly slots: number;
  readonly prototype?: string;
  /** Of this object, called or given to a helper. */
  readonly calls: readonly string[];
  readonly helpers: readonly string[];
  readonly kernelFunctions: readonly string[];
  readonly relocations: readonly RelocationDescription[];
  readonly core: readonly CoreDescription[];
  readonly source?: { readonly file: string; readonly firstLine: number; readonly lastLine: number };
}

export interface ProgramDescription extends FunctionDescription {
  readonly section: string;
  readonly type: string;
  readonly attach: readonly string[];
  readonly loadedByDefault: boolean;
  readonly sleepable: boolean;
}

export interface RelocationDescription {
  /** Slot in the function. */
  readonly slot: number;
  readonly type: string;
  /** A symbol's name, or a section's. */
  readonly symbol: string;
}

export interface CoreDescription {
  readonly slot: number;
  readonly kind: string;
  /** `struct task_struct.pid (0:3)` */
  readonly access: string;
}

export interface MapDescription {
  readonly name: string;
  readonly type: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  /** Names of `BPF_F_*`. */
  readonly flags: readonly string[];
  /** C types. */
  readonly key?: string;
  readonly value?: string;
  readonly pinning?: string;
  readonly numaNode?: number;
  readonly mapExtra?: string;
  readonly inner?: Omit<MapDescription, 'name'>;
  readonly slots?: readonly { readonly index: number; readonly target: string }[];
}

export interface DataDescription {
  /** The section. */
  readonly name: string;
  readonly size: number;
  readonly variables: readonly {
    readonly declaration: string;
    readonly offset: number;
    readonly size: number;
  }[];
}

export interface ExternDescription {
  readonly name: string;
  readonly kind: string;
  readonly weak: boolean;
  readonly type?: string;
}

export interface BtfDescription {
  readonly types: number;
  readonly kinds: Readonly<Record<string, number>>;
}

export interface ScriptDescription {
  /** The script it was compiled from. */
  readonly name: string;
  readonly target: { readonly release: string; readonly kernel: string };
  readonly probes: readonly { readonly program: string; readonly points: readonly string[] }[];
  readonly maps: readonly { readonly name: string; readonly key?: string; readonly value: string }[];
  /** How often each kind of action occurs. */
  readonly actions: Readonly<Record<string, number>>;
  /** Fields of records whose places are baked in. */
  readonly fields: readonly {
    readonly program: string;
    readonly name: string;
    readonly offset: number;
    readonly size: number;
  }[];
  readonly needs: readonly Pick<Need, 'kind' | 'what'>[];
  readonly sources: readonly string[];
}
