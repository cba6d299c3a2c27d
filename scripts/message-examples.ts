/** The scripts that show each diagnostic: `compiler/messages/examples.txt`, which says its own form. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MessageExample {
  readonly code: string;
  readonly options: {
    /** A recording of the tests in place of Linux 6.1. */
    readonly on?: 'trace.dat';
    readonly kernel?: `${number}.${number}`;
    readonly params?: readonly string[];
    readonly unsafe?: boolean;
  };
  /** Makes the diagnostic. */
  readonly wrong: string;
  /** Does not, and has no error. */
  readonly right: string;
}

const HEADING = /^## ([A-Z]{2}\d{4})(?: (\{.*\}))?$/;

/** @throws Error that names the line */
export function readExamples(folder: string): readonly MessageExample[] {
  const lines = readFileSync(join(folder, 'examples.txt'), 'utf8').split('\n');
  const starts = lines.flatMap((line, index) => (HEADING.test(line) ? [index] : []));
  return starts.map((start, index) => {
    const [, code = '', options = '{}'] = HEADING.exec(lines[start]!)!;
    const body = lines.slice(start + 1, starts[index + 1]);
    const middle = body.indexOf('---');
    if (middle < 0) throw new Error(`examples.txt:${start + 1}: ${code} has no "---"`);
    const text = (part: readonly string[]): string => part.join('\n').trim();
    return {
      code,
      options: JSON.parse(options) as MessageExample['options'],
      wrong: text(body.slice(0, middle)),
      right: text(body.slice(middle + 1)),
    };
  });
}

/** As the long text shows it. */
export function printExample({ wrong, right, options }: MessageExample): string {
  const where = [
    ...(options.on === undefined ? [] : ['in a recording']),
    ...(options.kernel === undefined ? [] : [`with --kernel ${options.kernel}`]),
    ...(options.unsafe === true ? ['with --unsafe'] : []),
    ...(options.params === undefined ? [] : [`with ${options.params.join(' ')} as parameters`]),
  ];
  const head = ['Wrong', ...where].join(' ');
  return `${head}:\n\n${indented(wrong)}\n\nRight:\n\n${indented(right)}\n`;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '    ');
}
