/** What snoowrap would bring by itself has known holes; package.json's overrides put kept packages in their place (docs/sources/reddit.md). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = path.resolve(import.meta.dirname, '../..');
const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as { readonly packages: Readonly<Record<string, Locked>> };

/** A package as Node finds it from a folder of node_modules: the nearest one upwards. */
function resolveFrom(folder: string, name: string): string {
  for (let at = folder; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    const candidate = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (at === '') throw new Error(`${name} is not locked for ${folder}`);
  }
}

/** Everything that is installed because of snoowrap: name of the package itself -> versions. */
function treeOf(folder: string, found = new Map<string, Set<string>>(), seen = new Set<string>()): Map<string, Set<string>> {
  if (seen.has(folder)) return found;
  seen.add(folder);
  const locked = packages[folder] as Locked;
  const name = locked.name ?? folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  found.set(name, (found.get(name) ?? new Set()).add(locked.version ?? ''));
  for (const dependency of Object.keys(locked.dependencies ?? {})) treeOf(resolveFrom(folder, dependency), found, seen);
  return found;
}

const tree = treeOf('node_modules/snoowrap');
const majorOf = (name: string): number => Math.min(...[...(tree.get(name) ?? [])].map((version) => Number(version.split('.')[0])));

describe('what snoowrap brings', () => {
  it('has no request of its own: CVE-2023-28155 has no fix there', () => {
    expect([...tree.keys()]).not.toContain('request');
    expect(majorOf('@cypress/request')).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['tough-cookie', 5, 'CVE-2023-26136'],
    ['ws', 8, 'CVE-2021-32640, CVE-2024-37890'],
    ['form-data', 4, 'CVE-2025-7783'],
  ])('has %s from version %i on (%s)', (name, major) => {
    expect(majorOf(name)).toBeGreaterThanOrEqual(major);
  });

  it('has nothing of what request needed and nobody keeps', () => {
    for (const name of ['har-validator', 'har-schema', 'ajv']) expect([...tree.keys()]).not.toContain(name);
  });

  it('is written down where it is left', () => {
    const page = readFileSync(path.join(root, 'docs/sources/reddit.md'), 'utf8');
    for (const name of ['request-promise', 'bluebird', 'promise-chains', 'lodash', '@cypress/request']) expect(page).toContain(`\`${name}\``);
  });
});
