/** Files of a test, by path. */
import type { ScriptFiles } from '../../compiler/files.ts';

export interface MemoryOptions {
  /** Folders whoever may write to. */
  readonly open?: readonly string[];
}

export function memoryFiles(
  files: Readonly<Record<string, string>>,
  { open = [] }: MemoryOptions = {},
): ScriptFiles {
  const names = Object.keys(files);
  const inside = (folder: string): string[] =>
    names.flatMap((name) => {
      const rest = folder === '.' ? name : name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : '';
      return rest === '' ? [] : [rest.split('/')[0]!];
    });
  return {
    stat: (path) => {
      const text = files[path];
      if (text !== undefined) return { kind: 'file', size: text.length, worldWritable: false };
      if (inside(path).length === 0) return undefined;
      return { kind: 'directory', size: 0, worldWritable: open.includes(path) };
    },
    read: (path) => files[path],
    list: (path) => [...new Set(inside(path))].sort(),
  };
}
