import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { LLM_VARIABLES } from '../../src/annotators/llm/settings.ts';

interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  ports?: string[];
}

const text = readFileSync(path.resolve(import.meta.dirname, '../../docker-compose.yml'), 'utf8');
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };

/** No container engine runs in the tests: this reads the file as compose would. */
describe('docker-compose.yml', () => {
  it('has Postgres, Redis, api and worker, each with a health check', () => {
    expect(Object.keys(services).sort()).toEqual(['api', 'postgres', 'redis', 'worker']);
    for (const [name, service] of Object.entries(services)) expect(service.healthcheck?.test.length, name).toBeGreaterThan(1);
  });

  it.each(['api', 'worker'])('starts %s only when both servers are healthy, and without a secret written into the file', (name) => {
    const service = services[name] as Service;
    expect(service.depends_on).toMatchObject({ postgres: { condition: 'service_healthy' }, redis: { condition: 'service_healthy' } });
    expect(service.environment?.['HEARSAY_SECRET']).toMatch(/^\$\{\w+:\?/);
    expect(service.environment?.['DATABASE_URL']).toMatch(/^postgres:\/\/hearsay_app:\$\{HEARSAY_DATABASE_PASSWORD:\?/);
    expect(service.volumes).toContain(`data:${service.environment?.['HEARSAY_DATA']}`);
  });

  it('gives the keys of the house to the worker, which prepares the database, and not to what faces the net', () => {
    expect(services['worker']?.environment?.['HEARSAY_ADMIN_DATABASE_URL']).toMatch(/^postgres:\/\/hearsay:\$\{POSTGRES_PASSWORD:\?/);
    expect(services['worker']?.environment?.['HEARSAY_SIGNING_KEY']).toMatch(/^\$\{\w+:\?/);
    for (const name of ['HEARSAY_ADMIN_DATABASE_URL', 'HEARSAY_SIGNING_KEY']) expect(services['api']?.environment).not.toHaveProperty(name);
    expect(services['api']?.depends_on?.['worker']).toEqual({ condition: 'service_healthy' });
  });

  it('passes every setting of the annotators to the worker, and the key of the endpoint to nobody else', () => {
    // An endpoint of the own network is reached only where HEARSAY_ALLOW_HOSTS lists it.
    for (const name of [...Object.keys(LLM_VARIABLES), 'HEARSAY_MODEL', 'HEARSAY_ALLOW_HOSTS']) {
      expect(services['worker']?.environment?.[name], name).toBe(`\${${name}:-}`);
      expect(services['api']?.environment, name).not.toHaveProperty(name);
    }
  });

  it('signs in the worker alone, with its notes on a volume that is not the database’s', () => {
    expect(services['api']?.environment?.['HEARSAY_SIGNER']).toBe('off');
    expect(services['worker']?.environment?.['HEARSAY_SIGNER']).toBeUndefined();
    const dir = services['worker']?.environment?.['HEARSAY_SIGNER_DIR'];
    expect(services['worker']?.volumes).toContain(`signer:${dir}`);
    expect(services['postgres']?.volumes).not.toContainEqual(expect.stringMatching(/^signer:/));
  });

  it('keeps Redis from evicting jobs and publishes the article on this machine only', () => {
    expect(services['redis']?.command).toEqual(['redis-server', '--maxmemory-policy', 'noeviction', '--appendonly', 'yes']);
    expect(services['api']?.ports).toEqual(['127.0.0.1:8080:8080']);
    expect(services['api']?.environment).toMatchObject({ HEARSAY_HOST: '0.0.0.0', REDIS_URL: 'redis://redis:6379' });
  });
});
