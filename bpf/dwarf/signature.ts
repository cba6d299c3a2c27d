/** What one entry, with the declaration or abstract instance it completes, says of a function. */
import type { AttributeValue } from './attribute.ts';
import { ATTRIBUTE, TAG } from './constants.ts';
import { type Entry, isFlagged, numberOf } from './entry.ts';
import type { FileTable } from './line-files.ts';
import { firstAddress } from './ranges.ts';
import type { DwarfTypeId } from './type.ts';
import { readParameters } from './type-reader.ts';
import { sectionOffset, type UnitReader } from './unit-reader.ts';

export interface FunctionParameter {
  /** Empty when the source gives none. */
  readonly name: string;
  readonly type: DwarfTypeId;
  /** C text of the type. */
  readonly text: string;
}

/**
 * `own`: it has an address. `inlined`: its code is only within others. `untold`: it is defined here, and has no address
 * (merged with an equal one, or left out). `declared`: it is only declared here.
 */
export type FunctionCode = 'own' | 'inlined' | 'untold' | 'declared';

export interface FunctionSignature {
  /** As in the source, without namespace and class. */
  readonly name: string;
  /** As in the symbol table, where it differs: `_ZN3foo3barEi`. */
  readonly linkageName: string | undefined;
  readonly parameters: readonly FunctionParameter[];
  readonly variadic: boolean;
  readonly returns: DwarfTypeId;
  /** C text of the type that is returned. */
  readonly returnText: string;
  readonly code: FunctionCode;
  /** Address of its first instruction, as in the symbol table. */
  readonly address: bigint | undefined;
  readonly external: boolean;
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** Offset in `.debug_info`. */
  readonly entry: number;
}

/** What reading a signature needs of the whole. */
export interface SignatureContext {
  entry(value: AttributeValue | undefined): Entry | undefined;
  type(value: AttributeValue | undefined): DwarfTypeId;
  text(id: DwarfTypeId, name?: string): string;
  files(unit: UnitReader, table: number): FileTable;
  /** Told of the entries that this one completes. */
  completes(entry: number): void;
}

/** Out-of-line clone → abstract instance → declaration in a class. */
const MAX_CHAIN = 4;
/** `DW_INL_inlined`, `DW_INL_declared_inlined`. */
const INLINED: readonly number[] = [1, 3];

/** Undefined when the entry is no function. @throws FormatError */
export function readSignature(entry: Entry, context: SignatureContext): FunctionSignature | undefined {
  if (entry.tag !== TAG.subprogram) return undefined;
  const chain = chainOf(entry, context);
  const type = (value: AttributeValue | undefined): DwarfTypeId => context.type(value);
  const { parameters, variadic } = readParameters(withParameters(chain), type);
  const returns = type(firstValue(chain, ATTRIBUTE.type));
  const address = addressOf(entry);
  const code = codeOf(chain, address);
  // A declaration says nothing that what completes it does not.
  for (const one of chain.slice(1)) context.completes(one.offset);
  return {
    name: textOf(chain, ATTRIBUTE.name) ?? '',
    linkageName: textOf(chain, ATTRIBUTE.linkageName) ?? textOf(chain, ATTRIBUTE.mipsLinkageName),
    parameters: parameters.map((one) => ({ ...one, text: context.text(one.type) })),
    variadic,
    returns,
    returnText: context.text(returns),
    code,
    address,
    external: chain.some((one) => isFlagged(one, ATTRIBUTE.external)),
    ...placeOf(chain, context),
    entry: entry.offset,
  };
}

/** The entry, and what it completes in turn. */
function chainOf(entry: Entry, context: SignatureContext): readonly Entry[] {
  const chain: Entry[] = [];
  for (let one: Entry | undefined = entry; one !== undefined && chain.length < MAX_CHAIN; ) {
    chain.push(one);
    const { attributes }: Entry = one;
    one = context.entry(attributes.get(ATTRIBUTE.abstractOrigin) ?? attributes.get(ATTRIBUTE.specification));
  }
  return chain;
}

/** An out-of-line copy has only those parameters that were not optimised away: its abstract instance has all. */
function withParameters(chain: readonly Entry[]): Entry {
  const whole = chain.find((one) => !one.attributes.has(ATTRIBUTE.abstractOrigin));
  return whole ?? (chain[0] as Entry);
}

function holderOf(chain: readonly Entry[], attribute: number): Entry | undefined {
  return chain.find((one) => one.attributes.has(attribute));
}

function firstValue(chain: readonly Entry[], attribute: number): AttributeValue | undefined {
  return holderOf(chain, attribute)?.attributes.get(attribute);
}

function textOf(chain: readonly Entry[], attribute: number): string | undefined {
  const holder = holderOf(chain, attribute);
  return holder?.unit.text(holder.attributes.get(attribute));
}

function addressOf(entry: Entry): bigint | undefined {
  const { attributes, unit } = entry;
  return (
    unit.address(attributes.get(ATTRIBUTE.lowPc)) ??
    unit.address(attributes.get(ATTRIBUTE.entryPc)) ??
    firstAddress(unit, attributes.get(ATTRIBUTE.ranges))
  );
}

function codeOf(chain: readonly Entry[], address: bigint | undefined): FunctionCode {
  if (address !== undefined) return 'own';
  const inlined = chain.some((one) => INLINED.includes(numberOf(one.attributes.get(ATTRIBUTE.inline)) ?? 0));
  if (inlined) return 'inlined';
  return chain.every((one) => isFlagged(one, ATTRIBUTE.declaration)) ? 'declared' : 'untold';
}

/** Numbers of files belong to the unit that has the attribute. */
function placeOf(
  chain: readonly Entry[],
  context: SignatureContext,
): Pick<FunctionSignature, 'file' | 'line'> {
  const holder = holderOf(chain, ATTRIBUTE.declarationFile);
  const number = numberOf(holder?.attributes.get(ATTRIBUTE.declarationFile));
  const line = numberOf(firstValue(chain, ATTRIBUTE.declarationLine));
  const table = sectionOffset(holder?.unit.root.attributes.get(ATTRIBUTE.statementList));
  if (holder === undefined || number === undefined || table === undefined) return { file: undefined, line };
  return { file: context.files(holder.unit, table)[number], line };
}
