/** What a person sees when there is nothing to show. */
import type { FC } from 'hono/jsx';
import { Layout } from './layout.tsx';

export const ProblemPage: FC<{ readonly status: number; readonly code: string; readonly message: string }> = ({ status, code, message }) => (
  <Layout title={`${status} - Hearsay`}>
    <h1>{status === 404 ? 'Not found' : status < 500 ? 'This request is not right' : 'Not available'}</h1>
    <p>{message}</p>
    <p class="quiet">
      Code: <code>{code}</code>
    </p>
    <p>
      <a href="/">All topics</a>
    </p>
  </Layout>
);
