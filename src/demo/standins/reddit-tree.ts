/** Comment trees as Reddit cuts them: so many comments and levels per answer, stubs (`more`) for the rest. */

export interface Thing {
  readonly kind: 't3' | 't1';
  readonly data: Readonly<Record<string, unknown>>;
}

export interface TreeSize {
  readonly treeSize: number;
  readonly treeDepth: number;
}

interface Budget {
  left: number;
}

/** Children of `parent`, nested. */
export function buildTree(things: readonly Thing[], parent: string, size: TreeSize): unknown[] {
  return nest({ things, size, budget: { left: size.treeSize } }, parent, 0);
}

/** The thread from one comment on, which comes first and alone. */
export function continueFrom(things: readonly Thing[], name: string, size: TreeSize): unknown[] {
  const top = things.find((thing) => thing.data['name'] === name);
  if (top === undefined) return [];
  const replies = nest({ things, size, budget: { left: size.treeSize } }, name, 1);
  return [{ kind: 't1', data: { ...top.data, depth: 0, replies: replies.length === 0 ? '' : asListing(replies) } }];
}

/** What /api/morechildren gives for these names: flat, parents before children. */
export function fillStub(things: readonly Thing[], names: readonly string[], size: TreeSize): unknown[] {
  const budget = { left: size.treeSize };
  const out: unknown[] = [];
  for (const name of names) {
    const thing = things.find((other) => other.kind === 't1' && other.data['name'] === name);
    if (thing === undefined || budget.left <= 0) continue;
    budget.left -= 1;
    out.push({ kind: 't1', data: { ...thing.data, depth: 0, replies: '' } });
    flatten(nest({ things, size, budget }, name, 1), out);
  }
  return out;
}

function flatten(children: readonly unknown[], out: unknown[]): void {
  for (const child of children) {
    const { kind, data } = child as { kind: string; data: { replies?: '' | { data: { children: unknown[] } } } };
    const { replies } = data;
    out.push({ kind, data: kind === 't1' ? { ...data, replies: '' } : data });
    if (kind === 't1' && replies !== undefined && replies !== '') flatten(replies.data.children, out);
  }
}

function nest(tree: { readonly things: readonly Thing[]; readonly size: TreeSize; readonly budget: Budget }, parent: string, depth: number): unknown[] {
  const children = tree.things.filter((thing) => thing.kind === 't1' && thing.data['parent_id'] === parent && !isEmptyShell(tree.things, thing));
  if (children.length === 0) return [];
  if (depth >= tree.size.treeDepth) return [stub(parent, depth, { id: '_', name: 't1__', count: 0, children: [] })];
  const shown: unknown[] = [];
  const cut: Thing[] = [];
  const taken = children.filter(() => tree.budget.left-- > 0);
  cut.push(...children.slice(taken.length));
  for (const child of taken) {
    const replies = nest(tree, String(child.data['name']), depth + 1);
    shown.push({ kind: 't1', data: { ...child.data, depth, replies: replies.length === 0 ? '' : asListing(replies) } });
  }
  if (cut.length > 0) {
    const ids = cut.map((thing) => String(thing.data['name']).slice(3));
    const count = cut.reduce((sum, thing) => sum + 1 + countBelow(tree.things, String(thing.data['name'])), 0);
    shown.push(stub(parent, depth, { id: ids[0] ?? '_', name: `t1_${ids[0] ?? '_'}`, count, children: ids }));
  }
  return shown;
}

function stub(parent: string, depth: number, data: Readonly<Record<string, unknown>>): unknown {
  return { kind: 'more', data: { ...data, parent_id: parent, depth } };
}

/** A deleted comment nobody replied to disappears from the tree. */
function isEmptyShell(things: readonly Thing[], thing: Thing): boolean {
  return thing.data['body'] === '[deleted]' && !things.some((other) => other.data['parent_id'] === thing.data['name']);
}

function countBelow(things: readonly Thing[], name: string): number {
  const children = things.filter((thing) => thing.data['parent_id'] === name);
  return children.reduce((sum, child) => sum + 1 + countBelow(things, String(child.data['name'])), 0);
}

function asListing(children: readonly unknown[]): unknown {
  return { kind: 'Listing', data: { after: null, dist: null, modhash: null, geo_filter: '', children, before: null } };
}
