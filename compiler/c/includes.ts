/** `#include`: the user's own files are read, headers of the kernel are answered by its types. */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import {
  includeDepth,
  includeNotFound,
  includesTooLarge,
  kernelHeader,
  kernelHeaderNote,
} from '../diagnostics/messages.gen.ts';
import { folderOf, joinPath, type ScriptFiles } from '../files.ts';
import type { SourceList } from '../sources.ts';
import { headerConstants } from './header-constants.ts';

export interface IncludeOptions {
  readonly files?: ScriptFiles | undefined;
  /** `-I`: where headers are looked for besides the folder of the file that names them. */
  readonly folders: readonly string[];
  /** What answers for the headers of the kernel; undefined when nothing does. */
  readonly kernelTypes: string | undefined;
  readonly sources: SourceList;
  readonly sink: DiagnosticSink;
}

export interface IncludedFile {
  readonly kind: 'file';
  readonly source: number;
  readonly text: string;
}

/** Constants that a kernel's header defines and its types do not tell. */
export interface IncludedHeader {
  readonly kind: 'header';
  readonly constants: ReadonlyMap<string, string>;
}

const MOST_DEPTH = 32;
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** First folders of the kernel's include paths and of its tree. */
const KERNEL_FOLDERS =
  /^(?:uapi\/)?(?:linux|net|asm|asm-generic|trace|scsi|sound|drm|rdma|crypto|media|video|acpi|clocksource|generated|keys|kvm|misc|soc|target|vdso|xen|ufs|pcmcia|bpf|kernel|fs|mm|block|drivers|arch|security|net\/[a-z0-9_]+|sys|netinet|arpa)\//;
/** What a compiler brings: their types have names that are known without. */
const COMPILER_HEADERS: ReadonlySet<string> = new Set([
  'stdint.h',
  'stddef.h',
  'stdbool.h',
  'limits.h',
  'stdarg.h',
  'inttypes.h',
]);

export class Includes {
  private readonly options: IncludeOptions;
  private noted = false;
  private characters = 0;

  constructor(options: IncludeOptions) {
    this.options = options;
  }

  /** The file meant, or undefined when it was complained of. */
  find(
    name: string,
    form: 'quotes' | 'angles',
    from: string,
    depth: number,
    span: Span,
  ): IncludedFile | IncludedHeader | undefined {
    const { files, folders, sink } = this.options;
    if (depth >= MOST_DEPTH) {
      sink.report(includeDepth(span, { limit: MOST_DEPTH }));
      return undefined;
    }
    const places = [...(form === 'quotes' ? [folderOf(from)] : []), ...folders];
    const paths = places.map((folder) => joinPath(folder, name));
    const path = paths.find((one) => files?.stat(one)?.kind === 'file');
    if (path !== undefined) return this.read(path, span);
    if (COMPILER_HEADERS.has(name)) return { kind: 'header', constants: headerConstants(name) };
    if (KERNEL_FOLDERS.test(name)) return this.kernelHeader(name, span);
    const hints = paths.map((one) => `looked for ${one}`);
    sink.report(includeNotFound(span, { name }, { hints }));
    return undefined;
  }

  nameOf(source: number): string {
    return this.options.sources.at(source).name;
  }

  /** `path` itself, as the command line or an import names it. */
  read(path: string, span: Span | undefined): IncludedFile | undefined {
    const { files, sources, sink } = this.options;
    const text = files?.read(path);
    if (text === undefined) {
      sink.report(includeNotFound(span, { name: path }));
      return undefined;
    }
    this.characters += text.length;
    if (this.characters > MOST_CHARACTERS) {
      sink.report(includesTooLarge(span, { limit: MOST_CHARACTERS }));
      return undefined;
    }
    return { kind: 'file', source: sources.add({ name: path, text }), text };
  }

  private kernelHeader(name: string, span: Span): IncludedHeader | undefined {
    const { kernelTypes, sink } = this.options;
    if (kernelTypes === undefined) {
      sink.report(kernelHeader(span, { name }));
      return undefined;
    }
    if (!this.noted) sink.report(kernelHeaderNote(span, { name, kernel: kernelTypes }));
    this.noted = true;
    return { kind: 'header', constants: headerConstants(name) };
  }
}
