/** The partial response of Google's APIs: `fields=kind,items(id,snippet(title))`. Empty lists are left out of it, as the real one leaves them out. */

type Selection = ReadonlyMap<string, Selection | undefined>;

export function selectFields(value: unknown, fields: string): unknown {
  return pick(value, readSelection(fields, { at: 0 }));
}

function readSelection(fields: string, place: { at: number }): Selection {
  const selection = new Map<string, Selection | undefined>();
  while (place.at < fields.length) {
    const name = /^[A-Za-z]+/.exec(fields.slice(place.at))?.[0] ?? '';
    place.at += name.length;
    const inner = fields[place.at] === '(';
    if (inner) place.at += 1;
    if (name !== '') selection.set(name, inner ? readSelection(fields, place) : undefined);
    const end = fields[place.at] === ')';
    place.at += 1;
    if (end) break;
  }
  return selection;
}

function pick(value: unknown, selection: Selection | undefined): unknown {
  if (selection === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => pick(item, selection));
  const kept = Object.entries(value).filter(([name, inner]) => selection.has(name) && !(Array.isArray(inner) && inner.length === 0));
  return Object.fromEntries(kept.map(([name, inner]) => [name, pick(inner, selection.get(name))]));
}
