/**
 * Compiled modules by what they were made of, so that the same program on another machine, laid out in the same way, is
 * not generated and compiled again. Who makes machines keeps one; the oldest modules go when it is full.
 */
import type { Program } from '../program.ts';
import type { Mark } from '../wasm/builder.ts';
import type { WasmModule } from '../wasm/platform.ts';

export interface CachedModule {
  readonly module: WasmModule;
  readonly marks: readonly Mark[];
}

const CAPACITY = 256;

interface Entry extends CachedModule {
  /** All that the code depends on: compared, since hashes may be equal. */
  readonly code: Int32Array;
  readonly environment: string;
}

export class ModuleCache {
  /** By hash; in the order they were put in. */
  readonly #entries = new Map<number, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  /** `environment`: engine, mode, memory and maps, as text. */
  find(program: Program, environment: string): CachedModule | undefined {
    const entry = this.#entries.get(hashOf(program.code));
    if (entry === undefined || entry.environment !== environment) return undefined;
    return isSame(entry.code, program.code) ? entry : undefined;
  }

  put(program: Program, environment: string, made: CachedModule): void {
    if (this.#entries.size >= CAPACITY) {
      const [oldest] = this.#entries.keys();
      this.#entries.delete(oldest!);
    }
    this.#entries.set(hashOf(program.code), { ...made, code: program.code, environment });
  }
}

/** FNV-1a over words. */
function hashOf(code: Int32Array): number {
  let hash = 0x811c9dc5 | 0;
  for (let index = 0; index < code.length; index++) hash = Math.imul(hash ^ code[index]!, 0x0100_0193);
  return hash;
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
