/** What the LLM annotator needs from outside and may not know itself: where answers are kept, and who counts what they cost. */
import type { AnnotateInput } from '../../model/post.ts';

/** Checked answers by digest of all that was asked (src/annotators/llm/load.ts). A replay from it gives the same bytes without a server. */
export interface AnswerCache {
  get(key: string): Promise<string | undefined>;
  /** Keeps the answer for as long as the post is kept; resolves to the one that is kept, which a rival may have brought first. */
  put(key: string, answer: string, post: Pick<AnnotateInput, 'id' | 'platform'>): Promise<string>;
}

/** Tokens of one request. */
export interface Usage {
  readonly input: number;
  readonly output: number;
}

export interface Allowance {
  /**
   * Counts the most a request may use, before it is sent; what it returns corrects that to what it did use. Where that is never
   * called, the most stays counted. Raises `RateLimitedError` (`llm_budget_spent`).
   */
  reserve(most: Usage): Promise<(used: Usage) => Promise<void>>;
}
