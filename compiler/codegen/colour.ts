/**
 * Graph colouring with iterated coalescing (George and Appel 1996) over r0-r9: registers alive at once get different
 * colours, copies are merged where that cannot make the graph harder to colour.
 */
import type { Interference } from './interference.ts';
import { FIRST_VIRTUAL, type MachineRegister } from './machine.ts';

export type Colouring =
  /** A real register for every virtual one. */
  | { readonly kind: 'coloured'; readonly colours: readonly MachineRegister[] }
  /** These found none; spill them and try again. Registers with one representative may share one place in the frame. */
  | { readonly kind: 'spilled'; readonly representative: ReadonlyMap<MachineRegister, MachineRegister> };

/** r0-r9. */
const COLOURS = 10;
/** Candidates looked at when one must be given up: bounds the search in huge functions. */
const CANDIDATES = 64;
/** Registers with more neighbours are not merged: the question alone would cost too much when asked often. */
const POPULAR = 2000;

type NodeState = 'simplify' | 'freeze' | 'spill' | 'stacked' | 'merged' | 'fixed';
type MoveState = 'waiting' | 'active' | 'done';

export function colour(graph: Interference, weights: readonly number[]): Colouring {
  const colouring = new Colourist(graph, weights);
  return colouring.run();
}

class Colourist {
  private readonly neighbours: Set<MachineRegister>[];
  private readonly degree: number[];
  private readonly alias: MachineRegister[];
  private readonly states: NodeState[];
  private readonly moves: Interference['moves'];
  private readonly moveStates: MoveState[];
  private readonly movesOf: number[][];
  private readonly weights: readonly number[];
  private readonly simplifyList: MachineRegister[] = [];
  private readonly freezeList: MachineRegister[] = [];
  private readonly spillList: MachineRegister[] = [];
  private readonly moveList: number[] = [];
  private readonly stack: MachineRegister[] = [];

  constructor(graph: Interference, weights: readonly number[]) {
    const count = graph.neighbours.length;
    this.weights = weights;
    this.neighbours = graph.neighbours.map((set) => new Set(set));
    this.degree = this.neighbours.map((set, node) =>
      node < FIRST_VIRTUAL ? Number.POSITIVE_INFINITY : set.size,
    );
    this.alias = Array.from({ length: count }, (_, node) => node);
    this.states = Array.from({ length: count }, () => 'fixed');
    this.moves = graph.moves;
    this.moveStates = graph.moves.map(() => 'waiting');
    this.movesOf = Array.from({ length: count }, () => []);
    graph.moves.forEach(({ dst, src }, move) => {
      this.movesOf[dst]!.push(move);
      this.movesOf[src]!.push(move);
      this.moveList.push(move);
    });
    for (let node = FIRST_VIRTUAL; node < count; node += 1) this.classify(node);
  }

  run(): Colouring {
    for (;;) {
      const node = this.take(this.simplifyList, 'simplify');
      if (node !== undefined) this.simplify(node);
      else if (this.moveList.length > 0) this.coalesce(this.moveList.pop()!);
      else {
        const frozen = this.take(this.freezeList, 'freeze');
        if (frozen !== undefined) this.giveUpMoves(frozen);
        else if (!this.giveUpOne()) break;
      }
    }
    return this.assign();
  }

  private classify(node: MachineRegister): void {
    if (this.degree[node]! >= COLOURS) this.put(this.spillList, node, 'spill');
    else if (this.isMoveRelated(node)) this.put(this.freezeList, node, 'freeze');
    else this.put(this.simplifyList, node, 'simplify');
  }

  private put(list: MachineRegister[], node: MachineRegister, state: NodeState): void {
    this.states[node] = state;
    list.push(node);
  }

  /** Next node of a list; nodes that went to another list meanwhile are skipped. */
  private take(list: MachineRegister[], state: NodeState): MachineRegister | undefined {
    for (let node = list.pop(); node !== undefined; node = list.pop()) {
      if (this.states[node] === state) return node;
    }
    return undefined;
  }

  private isMoveRelated(node: MachineRegister): boolean {
    return this.movesOf[node]!.some((move) => this.moveStates[move] !== 'done');
  }

  private *adjacent(node: MachineRegister): Generator<MachineRegister> {
    for (const other of this.neighbours[node]!) {
      const state = this.states[other];
      if (state !== 'stacked' && state !== 'merged') yield other;
    }
  }

  private simplify(node: MachineRegister): void {
    this.states[node] = 'stacked';
    this.stack.push(node);
    for (const other of this.neighbours[node]!) {
      const state = this.states[other];
      if (state !== 'stacked' && state !== 'merged') this.lowerDegree(other);
    }
  }

  private lowerDegree(node: MachineRegister): void {
    if (node < FIRST_VIRTUAL) return;
    this.degree[node]! -= 1;
    if (this.degree[node] !== COLOURS - 1 || this.states[node] !== 'spill') return;
    this.wakeMoves(node);
    for (const other of this.adjacent(node)) this.wakeMoves(other);
    this.classify(node);
  }

  private wakeMoves(node: MachineRegister): void {
    // The other end of a real register's copy wakes it; the list of a real register grows with the program.
    if (node < FIRST_VIRTUAL) return;
    for (const move of this.movesOf[node]!) {
      if (this.moveStates[move] !== 'active') continue;
      this.moveStates[move] = 'waiting';
      this.moveList.push(move);
    }
  }

  private find(node: MachineRegister): MachineRegister {
    let root = node;
    while (this.alias[root] !== root) root = this.alias[root]!;
    for (let at = node; at !== root; ) {
      const next = this.alias[at]!;
      this.alias[at] = root;
      at = next;
    }
    return root;
  }

  private coalesce(move: number): void {
    if (this.moveStates[move] !== 'waiting') return;
    let keep = this.find(this.moves[move]!.dst);
    let gone = this.find(this.moves[move]!.src);
    if (gone < FIRST_VIRTUAL) [keep, gone] = [gone, keep];
    if (keep === gone || gone < FIRST_VIRTUAL || this.neighbours[gone]!.has(keep)) {
      this.moveStates[move] = 'done';
      this.release(keep);
      this.release(gone);
      return;
    }
    if (!this.isSafe(keep, gone)) {
      this.moveStates[move] = 'active';
      return;
    }
    this.moveStates[move] = 'done';
    this.merge(keep, gone);
    this.release(keep);
  }

  /** A node without moves left may be simplified. */
  private release(node: MachineRegister): void {
    if (this.states[node] === 'freeze' && !this.isMoveRelated(node)) this.classify(node);
  }

  private isSafe(keep: MachineRegister, gone: MachineRegister): boolean {
    if (this.neighbours[gone]!.size > POPULAR || this.neighbours[keep]!.size > POPULAR) return false;
    if (keep < FIRST_VIRTUAL) return this.georgeAllows(keep, gone);
    return this.briggsAllows(keep, gone);
  }

  /** Every neighbour is easy or has the real register as a neighbour already. */
  private georgeAllows(real: MachineRegister, node: MachineRegister): boolean {
    for (const other of this.adjacent(node)) {
      if (other < FIRST_VIRTUAL || this.degree[other]! < COLOURS) continue;
      if (!this.neighbours[other]!.has(real)) return false;
    }
    return true;
  }

  /** The merged node has fewer than ten hard neighbours. */
  private briggsAllows(keep: MachineRegister, gone: MachineRegister): boolean {
    let hard = 0;
    const seen = this.neighbours[keep]!;
    for (const other of this.adjacent(keep)) if (this.degree[other]! >= COLOURS) hard += 1;
    for (const other of this.adjacent(gone)) {
      if (this.degree[other]! >= COLOURS && !seen.has(other)) hard += 1;
      if (hard >= COLOURS) return false;
    }
    return hard < COLOURS;
  }

  private merge(keep: MachineRegister, gone: MachineRegister): void {
    this.states[gone] = 'merged';
    this.alias[gone] = keep;
    // A node's moves are asked for often: the ended ones are left behind.
    const open = this.movesOf[gone]!.filter((move) => this.moveStates[move] !== 'done');
    if (keep >= FIRST_VIRTUAL) {
      this.movesOf[keep] = [
        ...this.movesOf[keep]!.filter((move) => this.moveStates[move] !== 'done'),
        ...open,
      ];
    }
    for (const move of open) {
      if (this.moveStates[move] !== 'active') continue;
      this.moveStates[move] = 'waiting';
      this.moveList.push(move);
    }
    for (const other of [...this.adjacent(gone)]) {
      this.connect(other, keep);
      this.lowerDegree(other);
    }
    if (this.degree[keep]! >= COLOURS && this.states[keep] === 'freeze')
      this.put(this.spillList, keep, 'spill');
  }

  private connect(one: MachineRegister, other: MachineRegister): void {
    this.link(one, other);
    this.link(other, one);
  }

  private link(from: MachineRegister, to: MachineRegister): void {
    if (from < FIRST_VIRTUAL || from === to || this.neighbours[from]!.has(to)) return;
    this.neighbours[from]!.add(to);
    this.degree[from]! += 1;
  }

  private giveUpMoves(node: MachineRegister): void {
    this.put(this.simplifyList, node, 'simplify');
    for (const move of this.movesOf[node]!) {
      if (this.moveStates[move] === 'done') continue;
      this.moveStates[move] = 'done';
      const { dst, src } = this.moves[move]!;
      const other = this.find(dst) === node ? this.find(src) : this.find(dst);
      this.release(other);
    }
  }

  /** Takes the cheapest of the hard nodes off the graph, hoping that it will find a colour all the same. */
  private giveUpOne(): boolean {
    const candidates: MachineRegister[] = [];
    while (candidates.length < CANDIDATES) {
      const node = this.take(this.spillList, 'spill');
      if (node === undefined) break;
      this.states[node] = 'fixed';
      candidates.push(node);
    }
    if (candidates.length === 0) return false;
    const cost = (node: MachineRegister): number => this.weights[node]! / this.degree[node]!;
    const chosen = candidates.reduce((best, node) => (cost(node) < cost(best) ? node : best));
    for (const node of candidates) if (node !== chosen) this.put(this.spillList, node, 'spill');
    this.giveUpMoves(chosen);
    return true;
  }

  private assign(): Colouring {
    const colours = this.alias.map((_, node) => (node < FIRST_VIRTUAL ? node : -1));
    const spilled = new Map<MachineRegister, MachineRegister>();
    for (let node = this.stack.pop(); node !== undefined; node = this.stack.pop()) {
      const free = this.freeColours(node, colours);
      if (free.size === 0) spilled.set(node, node);
      else colours[node] = this.prefer(node, free, colours);
    }
    for (let node = FIRST_VIRTUAL; node < colours.length; node += 1) {
      if (this.states[node] === 'merged') colours[node] = colours[this.find(node)]!;
    }
    if (spilled.size === 0) return { kind: 'coloured', colours };
    for (let node = FIRST_VIRTUAL; node < colours.length; node += 1) {
      const root = this.find(node);
      if (this.states[node] === 'merged' && spilled.has(root)) spilled.set(node, root);
    }
    return { kind: 'spilled', representative: spilled };
  }

  private freeColours(node: MachineRegister, colours: readonly MachineRegister[]): Set<MachineRegister> {
    const free = new Set<MachineRegister>();
    for (let one = 0; one < COLOURS; one += 1) free.add(one);
    for (const other of this.neighbours[node]!) free.delete(colours[this.find(other)]!);
    return free;
  }

  /** A copy that could not be merged may still vanish by luck. */
  private prefer(
    node: MachineRegister,
    free: ReadonlySet<MachineRegister>,
    colours: readonly MachineRegister[],
  ): MachineRegister {
    for (const move of this.movesOf[node]!) {
      const { dst, src } = this.moves[move]!;
      const other = this.find(dst) === node ? this.find(src) : this.find(dst);
      const wanted = colours[other]!;
      if (free.has(wanted)) return wanted;
    }
    return Math.min(...free);
  }
}
