/** The files a script may name (`#include "x.h"`, `import "x.bt"`): a port, since a page and an editor have no disk. */

export interface FileStat {
  readonly kind: 'file' | 'directory';
  /** Bytes. */
  readonly size: number;
  /** Whoever is on the machine may change what is in it. */
  readonly worldWritable: boolean;
}

/** Paths are as the script has them, joined to the folder of the file that names them; relative ones begin at the working folder. */
export interface ScriptFiles {
  /** Undefined when there is no such file. */
  stat(path: string): FileStat | undefined;
  /** Undefined when it cannot be read. */
  read(path: string): string | undefined;
  /** Names in a folder, in order. */
  list(path: string): readonly string[];
}

/** `path` as a file in `folder` means it, without `.` and `..` where they can be told away. */
export function joinPath(folder: string, path: string): string {
  const joined = path.startsWith('/') || folder === '' ? path : `${folder}/${path}`;
  const parts: string[] = [];
  for (const part of joined.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  const text = parts.join('/');
  return joined.startsWith('/') ? `/${text}` : text || '.';
}

/** The folder of a file; empty for one in the working folder. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, Math.max(slash, 1));
}
