/** An explanation as text for a terminal or a bug report; every line ends with a line end. */
import type { ExplainedOrigin, ExplainedPlace, Explanation } from './explain.ts';

/**
 *     refused: R2 max value is outside of the allowed memory range [VE0402]
 *       14: (71) r3 = *(u8 *)(r2 +0)      ; return table[index]; @ prog.c:27
 *     why:    …
 *     from:    9: (67) r1 <<= 2           ; r1 goes from 0..252 to 0..1008
 *     change: …
 */
export function renderExplanation(explanation: Explanation): string {
  const [first, ...more] = explanation.message.split('\n');
  const lines = [`refused: ${first} [${explanation.code}]`, ...more.map((line) => `         ${line}`)];
  if (explanation.at !== undefined) lines.push(`  ${placeText(explanation.at)}`);
  lines.push(...paragraph('why', explanation.why));
  for (const [index, origin] of explanation.origins.entries()) {
    lines.push(`${index === 0 ? 'from:   ' : '        '}${originText(origin)}`);
  }
  for (const { from, to, steps, share } of explanation.hotspots) {
    lines.push(`        slots ${from}..${to}: ${steps} steps, ${Math.round(share * 100)} % of all`);
  }
  lines.push(...paragraph('change', explanation.change));
  return lines.map((line) => `${line}\n`).join('');
}

const WIDTH = 110;
const LABEL = 8;

/** A labelled text, folded at blanks. */
function paragraph(label: string, text: string): string[] {
  if (text === '') return [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && LABEL + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  lines.push(line);
  return lines.map((one, index) => `${index === 0 ? `${label}:`.padEnd(LABEL) : ' '.repeat(LABEL)}${one}`);
}

function originText(origin: ExplainedOrigin): string {
  if (origin.slot === undefined || origin.text === undefined) return origin.effect;
  const place = `${origin.slot}: ${origin.text}`.padEnd(36);
  return `${place} ; ${origin.effect}${sourceText(origin)}`;
}

function placeText(place: ExplainedPlace): string {
  const text = `${place.slot}: ${place.text}`;
  return place.source === undefined ? text : `${text.padEnd(42)} ; ${place.source.text}${sourceText(place)}`;
}

function sourceText({ source }: Partial<ExplainedPlace>): string {
  if (source === undefined) return '';
  return ` @ ${source.file.slice(source.file.lastIndexOf('/') + 1)}:${source.line}`;
}
