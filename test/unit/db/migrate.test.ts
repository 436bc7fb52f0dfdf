import { describe, expect, it } from 'vitest';
import { compareMigrations, listMigrations } from '../../../src/db/migrate.ts';

describe('migrations', () => {
  it('are numbered without gap or repeat', async () => {
    const names = await listMigrations();
    expect(names[0]).toBe('0001_initial');
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1));
  });

  it('are compared with what a database has', () => {
    expect(compareMigrations(['0001_a', '0002_b'], [])).toEqual({ applied: [], pending: ['0001_a', '0002_b'], unknown: [] });
    expect(compareMigrations(['0001_a'], ['0001_a', '0002_b'])).toEqual({ applied: ['0001_a', '0002_b'], pending: [], unknown: ['0002_b'] });
  });
});
