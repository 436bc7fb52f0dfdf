/** The frame of every page. Everything shown goes through hono/jsx, which escapes texts and attributes. */
import { type Child, createContext, type FC, useContext } from 'hono/jsx';
import { raw } from 'hono/html';
import { DISCLAIMERS } from '../disclaimers.ts';

/** What the operator wants above every page. */
export const NoticeContext = createContext<string | undefined>(undefined);

interface LayoutProps {
  readonly title: string;
  readonly description?: string;
  readonly class?: string;
  readonly children?: Child;
}

export const Layout: FC<LayoutProps> = ({ title, description, class: name, children }) => (
  <>
    {raw('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        {description === undefined ? null : <meta name="description" content={description} />}
        <link rel="icon" type="image/svg+xml" href="/assets/hearsay.svg" />
        <link rel="stylesheet" href="/assets/hearsay.css" />
      </head>
      <body {...(name === undefined ? {} : { class: name })}>
        <a class="skip" href="#content">
          Skip to content
        </a>
        <Notice />
        <header class="site">
          <a href="/">Hearsay</a>
          <span class="quiet">what people say, counted in ledgers anyone can check</span>
        </header>
        <main id="content" tabindex={-1}>
          {children}
        </main>
        <footer>
          <h2 id="disclaimers">Disclaimers</h2>
          {DISCLAIMERS.map((line) => (
            <p>{line}</p>
          ))}
          <p>
            <a href="/">All topics</a> <a href="/openapi.json">API description</a>
          </p>
        </footer>
      </body>
    </html>
  </>
);

const Notice: FC = () => {
  const notice = useContext(NoticeContext);
  return notice === undefined ? null : (
    <p class="notice" role="note">
      {notice}
    </p>
  );
};
