/**
 * What binds contents to their headers: canonical bytes, salt, commitment. None of it needs the chain's head, so a batch does it ahead,
 * while the server looks things up. Proved by test/unit/ledger/seal.test.ts and test/vectors/hearsay.test.ts.
 */
import { canonicalText } from './canonical.ts';
import { commitmentOf } from './chain.ts';
import { hex } from './lookups.ts';
import type { Content } from './request.ts';

export interface BoundContent {
  readonly salt: Uint8Array;
  readonly bytes: Uint8Array;
  /** hex */
  readonly commitment: string;
}

export class ContentBinder {
  readonly #bound = new Map<Content, BoundContent>();
  readonly #newSalt: () => Uint8Array;

  /** `newSalt`: 32 random bytes each time. */
  constructor(newSalt: () => Uint8Array) {
    this.#newSalt = newSalt;
  }

  /** Ahead of `take`. Each content given here is for one entry. @throws InvalidInputError `not_canonical` */
  bind(contents: readonly Content[]): void {
    for (const content of contents) this.#bound.set(content, this.#bindOne(content));
  }

  /** Once: a salt must not bind two entries. */
  take(content: Content): BoundContent {
    const bound = this.#bound.get(content) ?? this.#bindOne(content);
    this.#bound.delete(content);
    return bound;
  }

  #bindOne(content: Content): BoundContent {
    const salt = this.#newSalt();
    const bytes = Buffer.from(canonicalText(content));
    return { salt, bytes, commitment: hex(commitmentOf(salt, bytes)) };
  }
}
