/** A table with a caption. Where it is wider than the screen it scrolls by itself, by keyboard too (WCAG 2.2, 2.1.1). */
import type { FC, PropsWithChildren } from 'hono/jsx';

interface Props {
  readonly id?: string;
  readonly caption: string;
  readonly class?: string;
}

export const DataTable: FC<PropsWithChildren<Props>> = ({ id, caption, class: name, children }) => (
  <section class="scroll" tabindex={0} aria-label={caption}>
    <table {...(id === undefined ? {} : { id })} {...(name === undefined ? {} : { class: name })}>
      <caption>{caption}</caption>
      {children}
    </table>
  </section>
);
