/** The text of `available_filter_functions`: a function a line, of modules with their name in brackets. */
import type { KernelFunction } from './function-part.ts';

/** What the kernel writes for code that was let go. */
const INVALID = '__ftrace_invalid_address_';

export function parseTraceableFunctions(text: string): readonly KernelFunction[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', module] = /^(\S+)(?:\s+\[(\S+)\])?/.exec(line) ?? [];
    if (name === '' || name.startsWith(INVALID)) return [];
    return module === undefined ? { name } : { name, module };
  });
}
