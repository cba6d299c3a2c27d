/**
 * Output as it stands in a case file: verbatim lines where that is unambiguous, otherwise every line escaped
 * (`\\`, `\xNN`). The section's heading says which, and whether the last line lacks its newline.
 */

export interface Section {
  /** Words after the stream's name: `''`, `'escaped'`, `'open'` (no final newline) or both. */
  readonly form: string;
  readonly lines: readonly string[];
}

const PLAIN = /^[\x20-\x7e\t\n]*$/;
/** A line that a reader of the file would take for a heading. */
const HEADING = /^==>/m;

/** `output` has one character a byte. */
export function writeSection(output: string): Section {
  const escaped = !PLAIN.test(output) || HEADING.test(output);
  const open = output !== '' && !output.endsWith('\n');
  const text = escaped ? escapeText(output) : output;
  const lines = text === '' ? [] : (open ? text : text.slice(0, -1)).split('\n');
  return {
    form: [escaped ? 'escaped' : '', open ? 'open' : ''].filter((word) => word !== '').join(' '),
    lines,
  };
}

/** The inverse of {@link writeSection}. */
export function readSection({ form, lines }: Section): string {
  const words = form.split(' ');
  const text = lines.join('\n');
  const plain = words.includes('escaped') ? unescapeText(text) : text;
  return lines.length === 0 || words.includes('open') ? plain : `${plain}\n`;
}

function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(/[^\x20-\x7e\n]|^=/gm, (found) => `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function unescapeText(text: string): string {
  return text.replace(/\\(\\|x([0-9a-f]{2}))/g, (_, body: string, hex: string | undefined) =>
    hex === undefined ? body : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
