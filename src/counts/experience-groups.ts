/** Experience groups that `link` entries made one: union-find with path halving (Tarjan and van Leeuwen, 1984), the oldest seq as root. */
export class ExperienceGroups {
  /** Child -> parent; a group that was never linked to an older one is not in it. */
  readonly #parents = new Map<number, number>();

  /** The seq under which the group of `seq` is counted. */
  find(seq: number): number {
    let at = seq;
    for (;;) {
      const parent = this.#parents.get(at);
      if (parent === undefined) return at;
      const grandparent = this.#parents.get(parent);
      if (grandparent === undefined) return parent;
      this.#parents.set(at, grandparent);
      at = grandparent;
    }
  }

  /** Makes two groups one. Returns the two roots there were, or undefined when it was one already. */
  join(first: number, second: number): { readonly older: number; readonly younger: number } | undefined {
    const [a, b] = [this.find(first), this.find(second)];
    if (a === b) return undefined;
    const [older, younger] = a < b ? [a, b] : [b, a];
    this.#parents.set(younger, older);
    return { older, younger };
  }
}
