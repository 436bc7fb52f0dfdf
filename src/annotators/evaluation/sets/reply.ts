/** Texts of sets that are about no compound are judged as replies in a thread on one: else everything in them would be off topic. */

export function asReply(id: string, text: string): Readonly<Record<string, unknown>> {
  return { id, platform: 'reddit', title: 'Semax', compounds: ['Semax'], text };
}
